"""An account ends: what it might still pay for is closed, and Stripe forgets it."""

from __future__ import annotations

import pytest
from djstripe.models import Customer
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.errors import DeletionRefused
from accounts.models import User
from accounts.services import delete_account
from billing import ledger, payments
from billing.models import CreditLot, Payment, PaymentStatus
from billing.stripe_api import client
from billing.tests.sessions import session_of
from billing.tests.standin.client import ControlRefused, StandIn
from billing.tests.test_subscription import subscribe
from billing.tests.webhooks import Webhooks


def test_account_that_still_renews_is_not_deleted(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    subscription = subscribe(shop, webhooks, user)
    with pytest.raises(DeletionRefused, match="billing portal"):
        delete_account(user)
    client().v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    webhooks.deliver()
    delete_account(user)
    assert not user.is_active


def test_deleted_account_leaves_no_name_at_stripe_nor_here(
    shop: StandIn, webhooks: Webhooks, user: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(opened.payment))
    webhooks.deliver()
    email = user.email
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(user)
    customer = Customer.objects.get()
    assert email not in f"{customer.email} {customer.stripe_data}"
    assert client().v1.customers.retrieve(customer.id).to_dict()["deleted"]
    assert CreditLot.objects.get().remaining == 10


@pytest.mark.parametrize("product", ["single_run", "pack_10", "pilot_250"])
def test_open_checkouts_of_a_deleted_account_cannot_be_paid(
    shop: StandIn, user: User, product: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """The tab with Checkout may still be there, and of the pilot it would take money every month."""
    opened = payments.open_payment(product=product, user=user)
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(user)
    with pytest.raises(ControlRefused, match="expired"):
        shop.pay(session_of(opened.payment))
    payment = Payment.objects.get()
    assert payment.status == PaymentStatus.EXPIRED
    assert payments.reopen(payment) == ""


def test_account_whose_bank_payment_is_on_its_way_is_not_deleted(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay_by_bank(session_of(opened.payment))
    webhooks.deliver()
    with pytest.raises(DeletionRefused, match="on its way"):
        delete_account(user)
    shop.settle(session_of(opened.payment))
    webhooks.deliver()
    assert ledger.available(user) == 10
    delete_account(user)
    assert not user.is_active
