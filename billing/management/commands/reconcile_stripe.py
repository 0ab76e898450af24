"""The nightly sweep: fetch what Stripe told and we missed, let runs lapse, give unused payments back."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict
from typing import Any

import stripe
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from billing.errors import SellingDisabled
from billing.ledger import charging
from billing.sweep import sweep

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 60


class Command(BaseCommand):
    help = "Make our rows agree with Stripe. Safe to run at any time, also twice at once; run it nightly at least."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=3, help="look this far back for lost events; Stripe keeps 30")
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on and on, with this pause")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["every"] is None:
            self._once(options["days"])
        else:
            self._again_and_again(options["days"], options["every"])

    def _again_and_again(self, days: int, pause: float) -> None:
        # The site that we start with, and its stand-in, may still be on their way.
        time.sleep(min(pause, FIRST_PAUSE_SECONDS))
        while True:
            try:
                self._once(days)
            except CommandError as error:
                self.stderr.write(str(error))
            except Exception:  # a database that is away for a while, say, must not end it
                log.exception("code=reconcile_failed")
            close_old_connections()
            time.sleep(pause)

    def _once(self, days: int) -> None:
        if not charging():
            raise CommandError("STRIPE_ENABLED is off: there is no money to look after.")
        try:
            swept = sweep(days=days)
        except SellingDisabled as error:
            raise CommandError(str(error.detail)) from error
        except stripe.StripeError as error:
            raise CommandError(f"Stripe says no: {error}") from error
        self.stdout.write(", ".join(f"{name} {count}" for name, count in asdict(swept).items()))
        if swept.failed:
            raise CommandError(f"{swept.failed} things failed; the log says which.")
