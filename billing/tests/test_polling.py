"""GET /api/v1/payments/{payment}: who may ask, and what the answer is worth."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import ApiToken, User
from billing import ledger, payments, run_tokens
from billing.models import Payment, PaymentStatus
from billing.payments import OpenedPayment
from billing.signals import payment_settled
from billing.tests.sessions import session_of
from billing.tests.standin.client import StandIn
from billing.tests.webhooks import Webhooks


@pytest.fixture
def opened(shop: StandIn) -> OpenedPayment:
    return payments.open_payment(product="single_run", simulation="sim_kept")


def poll(client: Client, opened: OpenedPayment, secret: str | None = None) -> Any:
    bearer = opened.claim_secret if secret is None else secret
    return client.get(f"/api/v1/payments/{opened.payment.public_id}", headers={"Authorization": f"Bearer {bearer}"})


def test_open_payment_is_pending_and_says_when_to_ask_again(client: Client, opened: OpenedPayment) -> None:
    answer = poll(client, opened)
    assert answer.json() == {
        "id": opened.payment.public_id,
        "status": "pending",
        "simulation": "sim_kept",
        "token": None,
        "token_expires_at": None,
    }
    assert (answer.headers["Retry-After"], answer.headers["Cache-Control"]) == ("2", "no-store")


def test_paid_payment_brings_a_run_token(
    client: Client, opened: OpenedPayment, shop: StandIn, webhooks: Webhooks
) -> None:
    shop.pay(session_of(opened.payment))
    webhooks.deliver()
    answer = poll(client, opened).json()
    assert answer["status"] == "paid"
    assert run_tokens.read(answer["token"].encode()).payment == opened.payment.public_id


def test_poll_finds_the_payment_although_the_webhook_never_came(
    client: Client, opened: OpenedPayment, shop: StandIn
) -> None:
    shop.pay(session_of(opened.payment))
    assert poll(client, opened).json()["status"] == "paid"


def test_polls_ask_stripe_once_in_ten_seconds(client: Client, opened: OpenedPayment, shop: StandIn) -> None:
    assert poll(client, opened).json()["status"] == "pending"
    shop.pay(session_of(opened.payment))
    assert poll(client, opened).json()["status"] == "pending"
    Payment.objects.update(checked_at=None)
    assert poll(client, opened).json()["status"] == "paid"


def test_poll_answers_although_stripe_is_down(client: Client, opened: OpenedPayment, shop: StandIn) -> None:
    shop.down(requests=5)
    assert poll(client, opened).json()["status"] == "pending"


def test_poll_tells_the_apps_above_again_while_the_run_has_not_begun(
    client: Client, opened: OpenedPayment, shop: StandIn
) -> None:
    shop.pay(session_of(opened.payment))
    poll(client, opened)
    Payment.objects.update(checked_at=None)
    told = []
    payment_settled.connect(lambda payment, **rest: told.append(payment.simulation), weak=False, dispatch_uid="test")
    poll(client, opened)
    payment_settled.disconnect(dispatch_uid="test")
    assert told == ["sim_kept"]


def test_token_of_a_consumed_payment_still_reads(client: Client, opened: OpenedPayment, shop: StandIn) -> None:
    shop.pay(session_of(opened.payment))
    poll(client, opened)
    ledger.hold(reference="sim_kept", payment=opened.payment)
    answer = poll(client, opened).json()
    assert (answer["status"], bool(answer["token"])) == ("consumed", True)


def test_client_that_died_between_pay_and_poll_polls_later(
    client: Client, opened: OpenedPayment, shop: StandIn, webhooks: Webhooks
) -> None:
    shop.pay(session_of(opened.payment))
    webhooks.deliver()
    assert poll(Client(), opened).json()["token"]


@pytest.mark.parametrize("secret", ["", "wrong", "x" * 5000])
def test_wrong_secret_is_told_that_there_is_nothing(client: Client, opened: OpenedPayment, secret: str) -> None:
    answer = poll(client, opened, secret)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_nobody_reads_anothers_payment(client: Client, opened: OpenedPayment, user: User) -> None:
    _, token = ApiToken.objects.create(user=user)
    other = payments.open_payment(product="single_run")
    assert poll(client, opened, token).status_code == 404
    assert poll(client, opened, other.claim_secret).status_code == 404
    client.force_login(user)
    assert client.get(f"/api/v1/payments/{opened.payment.public_id}").status_code == 404


def test_account_reads_its_own_payment_with_its_token(client: Client, shop: StandIn, user: User) -> None:
    _, token = ApiToken.objects.create(user=user)
    opened = payments.open_payment(product="single_run", user=user)
    assert poll(client, opened, token).json()["status"] == "pending"


def test_polling_is_limited(client: Client, opened: OpenedPayment, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"poll": 3}
    answers = [poll(client, opened) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["RateLimit"].startswith('"poll";r=2;t=')


@pytest.mark.parametrize("status", ["expired", "processing"])
def test_other_states_are_told_as_they_are(client: Client, opened: OpenedPayment, status: str) -> None:
    Payment.objects.update(status=PaymentStatus(status))
    assert poll(client, opened).json()["status"] == status


def test_secret_is_kept_as_a_hash_only(opened: OpenedPayment) -> None:
    row = Payment.objects.filter(pk=opened.payment.pk).values().get()
    assert opened.claim_secret not in map(str, row.values())


def test_the_many_addresses_of_one_ipv6_network_poll_as_one(opened: OpenedPayment, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"poll": 3}
    answers = [poll(Client(REMOTE_ADDR=f"2001:db8:0:1::{number}"), opened, "a guess") for number in range(1, 5)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
