"""Write the ledger of money so that it says what Stripe says."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, Sum
from django.utils import timezone

from billing.facts import ChargeFacts
from billing.models import CashEntry, Payment
from billing.models.cash import CashKind


def book_charge(payment: Payment, charge: ChargeFacts) -> None:
    """The payment, its fee, its refunds and its lost disputes. The caller holds the payment's row."""
    _book(payment, CashKind.PAYMENT, charge.id, charge.amount, charge.created)
    _book(payment, CashKind.FEE, charge.id, -charge.fee, charge.created)
    for refund in charge.refunds:
        _book(payment, CashKind.REFUND, refund.id, 0 if refund.failed else -refund.amount, refund.created)
    for dispute in charge.disputes:
        _book(payment, CashKind.DISPUTE, dispute.id, -dispute.amount if dispute.lost else 0, timezone.now())
        _book(payment, CashKind.FEE, dispute.id, -dispute.fee, dispute.created)


def _book(payment: Payment, kind: CashKind, stripe_id: str, amount: int, occurred_at: datetime) -> None:
    """Make the entries for this thing of Stripe add up to `amount`: the first carries its id, corrections a number."""
    this = Q(stripe_id=stripe_id) | Q(stripe_id__startswith=f"{stripe_id}:")
    booked = CashEntry.objects.filter(this, kind=kind).aggregate(total=Sum("amount"))["total"] or 0
    if amount == booked:
        return
    number = CashEntry.objects.filter(this, kind=kind).count() + 1
    CashEntry.objects.create(
        payment=payment,
        kind=kind,
        amount=amount - booked,
        currency=payment.currency,
        livemode=payment.livemode,
        stripe_id=stripe_id if number == 1 else f"{stripe_id}:{number}",
        occurred_at=occurred_at if number == 1 else timezone.now(),
    )
