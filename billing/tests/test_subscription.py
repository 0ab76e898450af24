"""The Enterprise Pilot: months that come, fail, lapse and end."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from billing import ledger, payments
from billing.facts import read_session
from billing.models import CreditLot, LotSource, Payment
from billing.plans import run_limits
from billing.stripe_api import client
from billing.subscriptions import subscription_of
from billing.takebacks import expire_due
from billing.tests.sessions import session_of
from billing.tests.standin.client import StandIn
from billing.tests.webhooks import Webhooks

FAILS_ON_RENEWAL = "4000000000000341"


def subscribe(shop: StandIn, webhooks: Webhooks, user: User, **how: str) -> str:
    opened = payments.open_payment(product="pilot_250", user=user)
    assert shop.pay(session_of(opened.payment), **how) is None
    webhooks.deliver()
    return read_session(session_of(opened.payment)).subscription


def test_subscription_grants_the_first_month_and_its_limits(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    assert run_limits(user) == "standard"
    subscribe(shop, webhooks, user)
    lot = CreditLot.objects.get()
    assert (ledger.available(user), lot.source, lot.unit_value) == (250, LotSource.SUBSCRIPTION, 40)
    assert lot.expires_at
    assert timedelta(days=27) < lot.expires_at - timezone.now() < timedelta(days=32)
    assert run_limits(user) == "pilot"


def test_month_lapses_at_its_end(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    subscribe(shop, webhooks, user)
    end = CreditLot.objects.get().expires_at
    assert end
    with time_machine.travel(end + timedelta(seconds=1)):
        assert ledger.available(user) == 0
        assert run_limits(user) == "standard"
        assert expire_due() == 1
    assert CreditLot.objects.get().remaining == 0


def test_renewal_grants_the_next_month_once(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    subscription = subscribe(shop, webhooks, user)
    first = CreditLot.objects.get()
    shop.advance(subscription)
    webhooks.deliver()
    second = CreditLot.objects.latest("pk")
    assert first.expires_at
    assert second.expires_at
    assert second.expires_at > first.expires_at
    assert (CreditLot.objects.count(), Payment.objects.latest("pk").user) == (2, user)
    assert Payment.objects.latest("pk").subscription == subscription
    call_command("audit_ledger", verbosity=0)


def test_failed_renewal_grants_nothing_and_tells_the_owner(
    shop: StandIn, webhooks: Webhooks, user: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    subscription = subscribe(shop, webhooks, user, card=FAILS_ON_RENEWAL)
    shop.advance(subscription)
    with django_capture_on_commit_callbacks(execute=True):
        webhooks.deliver()
    assert CreditLot.objects.count() == 1
    assert [letter.subject for letter in mail.outbox] == ["The Enterprise Pilot could not be renewed"]
    assert "/i/" in mail.outbox[0].body
    view = subscription_of(user)
    assert view
    assert view.overdue


def test_subscription_that_was_given_up_ends(
    shop: StandIn, webhooks: Webhooks, user: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    subscription = subscribe(shop, webhooks, user, card=FAILS_ON_RENEWAL)
    shop.advance(subscription)
    shop.give_up(subscription)
    with django_capture_on_commit_callbacks(execute=True):
        webhooks.deliver()
    assert subscription_of(user) is None
    assert "Your Enterprise Pilot has ended" in [letter.subject for letter in mail.outbox]


def test_canceled_subscription_keeps_its_month_and_grants_no_other(
    shop: StandIn, webhooks: Webhooks, user: User
) -> None:
    subscription = subscribe(shop, webhooks, user)
    client().v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
    webhooks.deliver()
    view = subscription_of(user)
    assert view
    assert view.ends
    assert ledger.available(user) == 250
    shop.advance(subscription)
    webhooks.deliver()
    assert (subscription_of(user), CreditLot.objects.count()) == (None, 1)


def test_refunded_month_is_taken_back(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    subscribe(shop, webhooks, user)
    client().v1.refunds.create({"payment_intent": Payment.objects.get().payment_intent, "amount": 5000})
    webhooks.deliver()
    assert ledger.available(user) == 125
    call_command("audit_ledger", verbosity=0)


def test_a_month_whose_money_went_back_has_no_pilot_limits(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    opened = payments.open_payment(product="pilot_250", user=user)
    shop.pay(session_of(opened.payment))
    webhooks.deliver()
    assert run_limits(user) == "pilot"
    client().v1.refunds.create({"payment_intent": Payment.objects.get().payment_intent})
    webhooks.deliver()
    assert (ledger.available(user), run_limits(user)) == (0, "standard")
