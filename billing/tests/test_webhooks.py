"""Events that are forged, old, doubled, shuffled, or come when we cannot take them."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.core.management import call_command
from djstripe.models import Event
from pytest_django import Settings

from accounts.models import User
from billing import facts, fulfil, ledger, payments, reconcile
from billing.facts import read_session
from billing.models import CreditLot, Payment, PaymentStatus, Product
from billing.stripe_api import client
from billing.tests.sessions import session_of
from billing.tests.standin.client import StandIn
from billing.tests.webhooks import Webhooks


@pytest.fixture
def paid(shop: StandIn, user: User) -> Payment:
    """Paid at Stripe; we have not heard of it."""
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(opened.payment))
    return opened.payment


def completed(webhooks: Webhooks) -> dict[str, Any]:
    return next(event for event in webhooks.waiting() if event["type"] == "checkout.session.completed")


def test_forged_signature_is_refused(paid: Payment, webhooks: Webhooks, user: User) -> None:
    assert webhooks.send(completed(webhooks), secret="whsec_forged").status_code == 400
    assert ledger.available(user) == 0


def test_address_of_the_contract_without_its_slash_takes_events(paid: Payment, webhooks: Webhooks, user: User) -> None:
    assert webhooks.send(completed(webhooks), view="stripe_webhook").status_code == 200
    assert ledger.available(user) == 10


def test_changed_body_is_refused(paid: Payment, webhooks: Webhooks) -> None:
    event = completed(webhooks)
    answer = webhooks.client.post(
        f"/stripe/webhook/{webhooks.endpoint.djstripe_uuid}/",
        {"id": event["id"]},
        content_type="application/json",
        headers={"stripe-signature": "t=1,v1=" + "0" * 64},
    )
    assert answer.status_code == 400


def test_event_recorded_yesterday_and_sent_again_is_refused(paid: Payment, webhooks: Webhooks, user: User) -> None:
    assert webhooks.send(completed(webhooks), age=86400).status_code == 400
    assert ledger.available(user) == 0


def test_senders_own_secret_is_not_accepted_even_with_debug(
    paid: Payment, webhooks: Webhooks, user: User, settings: Settings
) -> None:
    settings.DEBUG = True
    forged = {"x-djstripe-webhook-secret": "whsec_mine"}
    assert webhooks.send(completed(webhooks), secret="whsec_mine", headers=forged).status_code == 400
    assert ledger.available(user) == 0


def test_event_that_lies_about_the_payment_changes_nothing(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    told = {"id": session_of(opened.payment), "object": "checkout.session", "payment_status": "paid"}
    lie = {
        "id": "evt_lie",
        "object": "event",
        "api_version": webhooks.endpoint.api_version,
        "created": 1,
        "livemode": False,
        "pending_webhooks": 0,
        "request": None,
        "type": "checkout.session.completed",
        "data": {"object": told},
    }
    assert webhooks.send(lie).status_code == 200
    assert ledger.available(user) == 0


def test_event_delivered_twice_grants_once(paid: Payment, webhooks: Webhooks, user: User) -> None:
    event = completed(webhooks)
    assert [webhooks.send(event).status_code for _ in range(2)] == [200, 200]
    assert ledger.available(user) == 10


@pytest.mark.parametrize("seed", range(4))
def test_order_of_events_does_not_matter(shop: StandIn, webhooks: Webhooks, user: User, seed: int) -> None:
    """A purchase, a partial and a full refund, and a renewal, in any order of arrival."""
    pack, plan = (payments.open_payment(product=product, user=user).payment for product in ("pack_10", "pilot_250"))
    for payment in (pack, plan):
        shop.pay(session_of(payment))
    shop.advance(read_session(session_of(plan)).subscription)
    charge = read_session(session_of(pack)).charge
    assert charge
    client().v1.refunds.create({"charge": charge.id, "amount": 400})
    events = webhooks.waiting()
    random.Random(seed).shuffle(events)
    for event in events:
        assert webhooks.send(event).status_code == 200
    assert sorted(CreditLot.objects.values_list("quantity", "remaining")) == [(10, 5), (250, 250), (250, 250)]
    call_command("audit_ledger", verbosity=0)


def test_delivery_that_fails_is_rolled_back_and_succeeds_when_stripe_tries_again(
    paid: Payment, webhooks: Webhooks, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = completed(webhooks)
    with monkeypatch.context() as broken:
        broken.setattr(fulfil, "grant", lambda **lot: 1 / 0)
        assert webhooks.send(event).status_code == 500
    assert not Event.objects.filter(id=event["id"]).exists()
    assert Payment.objects.get().status == PaymentStatus.OPEN
    assert webhooks.send(event).status_code == 200
    assert ledger.available(user) == 10


def test_paid_session_that_we_have_no_row_for_makes_stripe_retry(paid: Payment, webhooks: Webhooks, user: User) -> None:
    event = completed(webhooks)
    Payment.objects.all().delete()
    assert webhooks.send(event).status_code == 500


def test_sessions_of_other_shops_in_the_same_account_are_left_alone(shop: StandIn, webhooks: Webhooks) -> None:
    price = Product.objects.get(key="single_run").stripe_price
    session = client().v1.checkout.sessions.create(
        {"mode": "payment", "line_items": [{"price": price, "quantity": 1}], "success_url": "http://127.0.0.1/"}
    )
    shop.pay(session.id)
    assert "checkout.session.completed" in webhooks.deliver()
    assert not CreditLot.objects.exists()


def test_facts_that_were_read_before_a_refund_do_not_undo_it(
    paid: Payment, shop: StandIn, webhooks: Webhooks, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow delivery asked Stripe before the refund and writes after a fast one has taken the runs back."""
    session, read = session_of(paid), facts.read_session

    def slow_read(session_id: str) -> facts.SessionFacts:
        old = read(session_id)
        monkeypatch.setattr(facts, "read_session", read)
        stripe_refund(old)
        reconcile.reconcile_session(session_id)
        return old

    reconcile.reconcile_session(session)
    monkeypatch.setattr(facts, "read_session", slow_read)
    reconcile.reconcile_session(session)
    assert ledger.available(user) == 0


def stripe_refund(session: facts.SessionFacts) -> None:
    assert session.charge
    client().v1.refunds.create({"charge": session.charge.id})
