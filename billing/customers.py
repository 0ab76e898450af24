"""The Stripe customer of an account: made on the first purchase, one for each mode."""

from __future__ import annotations

import hashlib

from django.conf import settings
from djstripe.models import Customer

from accounts.models import User
from billing.stripe_api import client


def customer_id(user: User) -> str:
    """Stripe's id of this account's customer; makes one when there is none. Talks to Stripe then."""
    if known := known_customer_id(user):
        return known
    made = client().v1.customers.create({"email": user.email}, {"idempotency_key": _idempotency_key(user)})
    row = Customer.sync_from_stripe_data(made, api_key=settings.STRIPE_SECRET_KEY)
    Customer.objects.filter(pk=row.pk).update(subscriber=user)
    return made.id


def known_customer_id(user: User) -> str | None:
    """Without asking Stripe."""
    mine = Customer.objects.filter(subscriber=user, livemode=settings.STRIPE_LIVE_MODE)
    found: str | None = mine.values_list("id", flat=True).first()
    return found


def _idempotency_key(user: User) -> str:
    """The same for two tabs at once, so that they make one customer; another after the e-mail changed."""
    return f"customer:{user.pk}:{hashlib.sha256(user.email.encode()).hexdigest()[:16]}"
