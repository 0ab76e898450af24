"""Checkout Sessions: open one for a payment, close one nobody needs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import stripe
from django.conf import settings
from django.urls import reverse

from billing.customers import customer_id
from billing.models import Payment
from billing.prices import Price
from billing.stripe_api import client

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

log = logging.getLogger(__name__)


def create_session(payment: Payment, price: Price) -> stripe.checkout.Session:
    """Raises stripe.StripeError. The idempotency key makes a retry answer the same session."""
    return client().v1.checkout.sessions.create(
        _params(payment, price), {"idempotency_key": f"checkout:{payment.public_id}:{payment.attempt}"}
    )


def expire_session(session: str) -> None:
    """Close a session that may still be open. One that was paid or has expired stays as it is."""
    try:
        client().v1.checkout.sessions.expire(session)
    except stripe.InvalidRequestError as error:
        log.info("checkout_session=%s was closed already: %s", session, error)


def _params(payment: Payment, price: Price) -> SessionCreateParams:
    metadata = {"payment": payment.public_id, "product": price.key}
    address = f"{settings.SITE_URL}{reverse('pay', args=[payment.public_id])}"
    params: SessionCreateParams = {
        "mode": "subscription" if price.monthly else "payment",
        "line_items": [{"price": price.stripe_price, "quantity": 1}],
        "client_reference_id": payment.public_id,
        "metadata": metadata,
        "success_url": f"{settings.SITE_URL}{reverse('pay_return')}?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{address}?canceled=1",
        "allow_promotion_codes": True,
    }
    if price.monthly:
        params["subscription_data"] = {"metadata": metadata}
    else:
        params["payment_intent_data"] = {"metadata": metadata, "description": f"{settings.SITE_NAME}: {price.name}"}
    if payment.user is not None:
        params["customer"] = customer_id(payment.user)
    elif not price.monthly:
        # A stranger's next purchase is theirs again in the owner's numbers.
        params["customer_creation"] = "always"
    if payment.user is not None and not price.monthly:
        # Companies need an invoice; for a stranger's GBP 1 the receipt does, and costs nothing.
        params["invoice_creation"] = {"enabled": True, "invoice_data": {"metadata": metadata}}
    return params
