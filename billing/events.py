"""The events of Stripe that we subscribe to (not `*`: each costs a transaction), and what each makes us look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from billing import reconcile
from billing.notices import renewal_failed, subscription_ended

type StripeObject = dict[str, Any]


def _session(session: StripeObject) -> None:
    reconcile.reconcile_session(session["id"])


def _invoice(invoice: StripeObject) -> None:
    reconcile.reconcile_invoice(invoice["id"])


def _money(thing: StripeObject) -> None:
    if thing["payment_intent"]:
        reconcile.reconcile_payment_intent(thing["payment_intent"])


def _warning(warning: StripeObject) -> None:
    reconcile.refund_warned(warning["id"])


def _shown_only(thing: StripeObject) -> None:
    """dj-stripe keeps the row that our pages show."""


ACTIONS: dict[str, Callable[[StripeObject], None]] = {
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "checkout.session.async_payment_failed": _session,
    "checkout.session.expired": _session,
    "invoice.paid": _invoice,
    "invoice.payment_failed": renewal_failed,
    "charge.refunded": _money,
    "charge.dispute.created": _money,
    "charge.dispute.closed": _money,
    "refund.failed": _money,
    "radar.early_fraud_warning.created": _warning,
    "customer.subscription.created": _shown_only,
    "customer.subscription.updated": _shown_only,
    "customer.subscription.deleted": subscription_ended,
}
"""Also what the webhook endpoint is subscribed to."""
