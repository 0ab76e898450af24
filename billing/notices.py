"""News of a subscription that only its owner needs: a month that was not paid, the end."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from billing import mails
from billing.stripe_api import client


def renewal_failed(invoice: dict[str, Any]) -> None:
    """Stripe tries again by itself; the owner of the card can help."""
    now = client().v1.invoices.retrieve(invoice["id"]).to_dict()
    user = _user_of(now["customer"])
    if now["status"] == "open" and user is not None:
        mails.after_commit(mails.renewal_failed, user, now["hosted_invoice_url"])


def subscription_ended(subscription: dict[str, Any]) -> None:
    """The runs of the paid month stay until its end."""
    now = client().v1.subscriptions.retrieve(subscription["id"]).to_dict()
    user = _user_of(now["customer"])
    if now["status"] == "canceled" and user is not None:
        mails.after_commit(mails.subscription_ended, user)


def _user_of(customer: str) -> User | None:
    return User.objects.filter(djstripe_customers__id=customer, is_active=True).first()
