"""What billing does when an account begins or ends."""

from __future__ import annotations

from typing import Any

import stripe
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_signed_up
from django.db import transaction
from django.dispatch import receiver
from djstripe.models import Customer

from accounts.errors import DeletionRefused
from accounts.models import User
from accounts.signals import account_deleted
from billing.closing import close
from billing.models import Payment, PaymentStatus
from billing.stripe_api import client, configured, log
from billing.subscriptions import subscription_of
from billing.trials import grant_trial


@receiver(email_confirmed)
def welcome(sender: type[EmailAddress], email_address: EmailAddress, **kwargs: Any) -> None:
    """A new account's free runs come with the proof that its address is real."""
    grant_trial(email_address.user, email_address.email)


@receiver(user_signed_up)
def welcome_from_elsewhere(sender: type[User], user: User, **kwargs: Any) -> None:
    """GitHub and Google vouch for an address, so that nobody is asked to confirm it."""
    for address in EmailAddress.objects.filter(user=user, verified=True):
        grant_trial(user, address.email)


@receiver(account_deleted)
def forget(sender: type[User], user: User, **kwargs: Any) -> None:
    """The ledger stays, without a name. Money that would still come for nothing stops the deletion."""
    subscription = subscription_of(user)
    if subscription is not None and not subscription.ends:
        raise DeletionRefused("Your Enterprise Pilot still renews. Cancel it in the billing portal first.")
    if Payment.objects.filter(user=user, status=PaymentStatus.PROCESSING).exists():
        raise DeletionRefused("A bank payment of yours is still on its way. Delete the account when it has arrived.")
    unpaid = list(Payment.objects.filter(user=user, status=PaymentStatus.OPEN))
    transaction.on_commit(lambda: close(unpaid), robust=True)
    customers = list(Customer.objects.filter(subscriber=user))
    transaction.on_commit(lambda: _forget_at_stripe(customers), robust=True)


def _forget_at_stripe(customers: list[Customer]) -> None:
    """Stripe keeps what the law asks for and forgets the rest."""
    for customer in customers:
        row = Customer.objects.filter(pk=customer.pk)
        row.update(email="", subscriber=None, metadata={}, stripe_data={"id": customer.id, "deleted": True})
        if not configured():
            continue
        try:
            client().v1.customers.delete(customer.id)
        except stripe.StripeError as error:
            log.warning("customer=%s was not deleted at Stripe: %s", customer.id, error.code)
