"""What the poll of a payment answers: its state, and the run token once it is paid."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import stripe
from django.db.models import Q
from django.utils import timezone

from billing import reconcile, run_tokens
from billing.errors import FactsDisagree, SellingDisabled, Stale
from billing.models import CreditLot, Payment, PaymentStatus
from billing.run_tokens import Claims
from billing.signals import payment_settled

log = logging.getLogger(__name__)

WAITING = (PaymentStatus.OPEN, PaymentStatus.PROCESSING)
LOOK_AGAIN = timedelta(seconds=10)


@dataclass(frozen=True)
class PollAnswer:
    """status: as the contract names it (`PollBody`); `open` is `pending` there."""

    id: str
    status: str
    simulation: str | None
    token: str | None
    token_expires_at: datetime | None

    @property
    def final(self) -> bool:
        return self.status not in ("pending", "processing")


def poll(payment: Payment) -> PollAnswer:
    """Look after a payment that waits (its webhook may be lost), then say how it stands."""
    if _may_look_again(payment):
        _look_again(payment)
        payment.refresh_from_db()
    token = _token(payment)
    return PollAnswer(
        id=payment.public_id,
        status="pending" if payment.status == PaymentStatus.OPEN else payment.status,
        simulation=payment.simulation or None,
        token=token.token if token else None,
        token_expires_at=token.expires_at if token else None,
    )


def _may_look_again(payment: Payment) -> bool:
    """One question to Stripe in ten seconds, however many clients poll."""
    now = timezone.now()
    due = Q(checked_at=None) | Q(checked_at__lt=now - LOOK_AGAIN)
    worth_it = payment.status in WAITING or (payment.status == PaymentStatus.PAID and payment.simulation)
    return bool(worth_it and Payment.objects.filter(due, pk=payment.pk).update(checked_at=now))


def _look_again(payment: Payment) -> None:
    if payment.status == PaymentStatus.PAID:
        # Its simulation has not begun, or has failed; whoever listens knows which.
        payment_settled.send_robust(sender=Payment, payment=payment)
    elif payment.checkout_session:
        try:
            reconcile.reconcile_session(payment.checkout_session)
        except (stripe.StripeError, SellingDisabled, FactsDisagree, Stale) as error:
            log.warning("payment=%s poll could not ask Stripe: %s", payment.public_id, error)


def _token(payment: Payment) -> run_tokens.MintedToken | None:
    """A consumed payment's token still reads its simulation."""
    if payment.status not in (PaymentStatus.PAID, PaymentStatus.CONSUMED) or payment.product != "single_run":
        return None
    lot = CreditLot.objects.get(payment=payment)
    return run_tokens.mint(Claims(payment=payment.public_id, entitlement=lot.public_id))
