"""What a deployment does once, before its processes start: tables, samples, and Stripe's side of the catalogue."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, make the cache's table, load the samples, set up Stripe where there is a key. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        call_command("createcachetable")
        call_command("load_samples")
        if settings.STRIPE_ENABLED and settings.STRIPE_SECRET_KEY and not settings.STRIPE_STANDIN:
            # Whoever gave a deployment a live key means it; at a terminal the command asks.
            call_command("setup_stripe", live=settings.STRIPE_LIVE_MODE)
