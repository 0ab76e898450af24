"""Give runs. Every story that ends in new runs ends here: purchase, month, trial, invite, goodwill."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.models import User
from billing.models import CreditEntry, CreditLot, EntryKind, LotSource, Payment
from billing.signals import credits_granted


def grant(
    *,
    source: LotSource,
    quantity: int,
    reference: str,
    user: User | None = None,
    payment: Payment | None = None,
    unit_value: int = 0,
    expires_at: datetime | None = None,
) -> CreditLot:
    """Make a lot of `quantity` runs, pay the account's debts from it, and tell the apps above after commit.

    The (grant, reference) constraint makes a second grant for the same cause impossible: IntegrityError.
    """
    with transaction.atomic():
        lot = CreditLot.objects.create(
            user=user,
            payment=payment,
            source=source,
            quantity=quantity,
            remaining=quantity,
            unit_value=unit_value,
            currency=payment.currency if payment else "gbp",
            livemode=payment.livemode if payment else settings.STRIPE_LIVE_MODE,
            expires_at=expires_at,
        )
        CreditEntry.objects.create(lot=lot, kind=EntryKind.GRANT, delta=quantity, reference=reference)
        if user is not None:
            _settle_debts(lot)
            announce_after_commit(user)
    return lot


def forgive(lot: CreditLot, *, reference: str) -> None:
    """The owner lets the lot's debt go."""
    with transaction.atomic():
        owed = CreditLot.objects.select_for_update().get(pk=lot.pk).debt
        if owed:
            CreditLot.objects.filter(pk=lot.pk).update(debt=F("debt") - owed)
            CreditEntry.objects.create(lot=lot, kind=EntryKind.FORGIVE, delta=owed, reference=reference)
            if (user := lot.user) is not None:
                announce_after_commit(user)


def announce_after_commit(user: User) -> None:
    """The account can start runs that it could not start before."""
    transaction.on_commit(lambda: credits_granted.send(sender=CreditLot, user=user), robust=True)


def _settle_debts(lot: CreditLot) -> None:
    """Oldest debt first. Nobody else sees the new lot yet, so only the owing lots need their locks."""
    owing = CreditLot.objects.select_for_update().filter(user=lot.user, livemode=lot.livemode, debt__gt=0)
    left = lot.quantity
    for debtor in owing.order_by("pk"):
        if paid := min(left, debtor.debt):
            _settle(lot, debtor, paid)
            left -= paid


def _settle(lot: CreditLot, debtor: CreditLot, runs: int) -> None:
    CreditLot.objects.filter(pk=lot.pk).update(remaining=F("remaining") - runs)
    CreditLot.objects.filter(pk=debtor.pk).update(debt=F("debt") - runs)
    CreditEntry.objects.create(
        lot=lot, kind=EntryKind.SETTLE, delta=-runs, reference=f"{lot.public_id}>{debtor.public_id}"
    )
    CreditEntry.objects.create(
        lot=debtor, kind=EntryKind.SETTLE, delta=runs, reference=f"{debtor.public_id}<{lot.public_id}"
    )
