"""Make the Stripe account (or the stand-in) fit this site: products, prices, webhook endpoint. Safe to run again."""

from __future__ import annotations

from typing import Any

import stripe
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing import standin_rows
from billing.catalogue import sync_catalogue
from billing.endpoint import sync_endpoint
from billing.errors import SellingDisabled
from billing.stripe_api import client
from billing.stripe_keys import forget_old_keys


class Command(BaseCommand):
    help = "Make products, prices and the webhook endpoint at Stripe fit this site. Changes nothing that fits already."
    # dj-stripe's checks ask Stripe, and would refuse the very database that this command repairs.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--live", action="store_true", help="needed with a live key: real money")
        parser.add_argument("--rotate-webhook", action="store_true", help="a new endpoint with a new signing secret")
        parser.add_argument("--forget-standin", action="store_true", help="delete what the stand-in left here")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.STRIPE_ENABLED:
            raise CommandError("STRIPE_ENABLED is off: every run is free, there is nothing to set up.")
        if settings.STRIPE_LIVE_MODE and not options["live"]:
            raise CommandError("This is a live key, which moves real money. Add --live if you mean it.")
        self._leave_the_standin(forget=options["forget_standin"])
        try:
            self._set_up(rotate=options["rotate_webhook"])
        except SellingDisabled as error:
            raise CommandError(str(error.detail)) from error
        except stripe.StripeError as error:
            raise CommandError(f"Stripe says no: {error}") from error

    def _leave_the_standin(self, *, forget: bool) -> None:
        if settings.STRIPE_STANDIN or not standin_rows.exist():
            return
        if not forget:
            raise CommandError(
                "This database holds customers and prices of the stand-in. "
                "Start with a fresh database, or add --forget-standin to delete them (the ledger stays)."
            )
        self.stdout.write(f"{standin_rows.forget()} rows of the stand-in are gone.")

    def _set_up(self, *, rotate: bool) -> None:
        mode = "stand-in" if settings.STRIPE_STANDIN else "live" if settings.STRIPE_LIVE_MODE else "test mode"
        self.stdout.write(f"Stripe account {client().v1.accounts.retrieve_current().id} ({mode})")
        forget_old_keys()
        sync_catalogue(self.stdout.write)
        sync_endpoint(self.stdout.write, rotate=rotate)
        self.stdout.write(self.style.SUCCESS("Ready to sell."))
