"""A guest's paid run that is not used yet: the run it was bought for failed, so it pays for another one."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from billing.models import Payment, PaymentStatus
from simulations.visitor import Visitor


def unused_payment(visitor: Visitor) -> Payment | None:
    """A payment of this browser's guest that is still good for a run."""
    if visitor.user is not None or not visitor.simulations:
        return None
    paid = Payment.objects.filter(user=None, status=PaymentStatus.PAID, livemode=settings.STRIPE_LIVE_MODE)
    return paid.filter(simulation__in=visitor.simulations).first()


def with_unused_payment(visitor: Visitor) -> Visitor:
    """The visitor, with the paid run in hand if there is one."""
    payment = unused_payment(visitor)
    return replace(visitor, payment=payment) if payment else visitor
