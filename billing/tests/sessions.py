"""The Checkout Session of a payment that has one."""

from __future__ import annotations

from billing.models import Payment


def session_of(payment: Payment) -> str:
    assert payment.checkout_session
    return payment.checkout_session
