"""Close payments that must not be paid any more."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial

import stripe
from django.db import transaction

from billing import checkout, reconcile
from billing.errors import Stale
from billing.models import Payment, PaymentStatus

log = logging.getLogger(__name__)


def close(payments: Iterable[Payment]) -> None:
    """Expire their sessions at Stripe, then note what became of them: one may have been paid a moment ago.

    When Stripe does not answer they stay open, and the sweep looks at them again.
    """
    for payment in payments:
        try:
            _close(payment)
        except (stripe.StripeError, Stale):
            log.warning("payment=%s could not be closed now", payment.public_id)


def close_of(simulation: str) -> None:
    """A run that has its credit, or will never run, must not be paid for in another tab."""
    close(Payment.objects.filter(simulation=simulation, status=PaymentStatus.OPEN))


def close_after_commit(simulation: str) -> None:
    """`close_of`, which talks to Stripe, once the caller's transaction is committed; its failure undoes nothing."""
    transaction.on_commit(partial(close_of, simulation), robust=True)


def _close(payment: Payment) -> None:
    if payment.checkout_session:
        checkout.expire_session(payment.checkout_session)
        reconcile.reconcile_session(payment.checkout_session)
