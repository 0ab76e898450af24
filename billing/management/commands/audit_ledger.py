"""Prove every invariant of the ledger; exit non-zero on the first that fails."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.audit import INVARIANTS, findings, one_moment
from billing.models import CreditEntry, CreditLot, Payment


class Command(BaseCommand):
    help = "Prove every invariant of the ledger. Exits non-zero on the first that does not hold."

    def handle(self, *args: Any, **options: Any) -> None:
        with one_moment():
            for finding in findings():
                raise CommandError(str(finding))
            counts = f"{CreditLot.objects.count()} lots, {CreditEntry.objects.count()} entries"
            payments = f"{Payment.objects.count()} payments"
        self.stdout.write(f"{len(INVARIANTS)} invariants hold over {counts}, {payments}.")
