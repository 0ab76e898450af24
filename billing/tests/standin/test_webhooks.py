"""Signed events: delivered at least once, again after a failure, and as badly as a test wants."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
import stripe

from billing.stripe_standin import API_VERSION
from billing.tests.standin.process import running
from billing.tests.standin.receiver import Receiver
from billing.tests.standin.walk import Shop, client_of, open_shop

_COMPLETED: Final = "checkout.session.completed"


@pytest.fixture
def secret(shop: Shop, receiver: Receiver) -> str:
    """The signing secret of an endpoint that wants completed sessions."""
    return _endpoint(shop.client, receiver)


def _endpoint(client: stripe.StripeClient, receiver: Receiver) -> str:
    made = client.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": [_COMPLETED], "api_version": API_VERSION}
    )
    return str(made.secret)


def test_an_event_arrives_signed_so_that_the_sdk_believes_it(shop: Shop, receiver: Receiver, secret: str) -> None:
    session = shop.paid()
    event = receiver.next_event(secret)
    assert (event.type, event.api_version, event.livemode) == (_COMPLETED, API_VERSION, False)
    assert event.data.object["id"] == session.id


def test_another_secret_does_not_verify(shop: Shop, receiver: Receiver, secret: str) -> None:
    shop.paid()
    with pytest.raises(stripe.SignatureVerificationError):
        receiver.next_event("whsec_" + "x" * 32)


def test_only_events_that_were_asked_for_arrive(shop: Shop, receiver: Receiver, secret: str) -> None:
    shop.paid()
    assert shop.standin.wait_until_quiet()
    assert [row["type"] for row in shop.standin.deliveries()] == [_COMPLETED]


def test_the_secret_is_shown_once(shop: Shop, secret: str) -> None:
    shown = shop.client.v1.webhook_endpoints.list().data[0]
    assert "secret" not in shown


def test_a_refused_event_comes_again_until_it_is_taken(shop: Shop, receiver: Receiver, secret: str) -> None:
    shop.standin.webhooks(retry_seconds=[0.05, 0.05, 0.05])
    receiver.answers = [500, 503]
    shop.paid()
    assert shop.standin.wait_until_quiet()
    assert [(row["attempt"], row["status"]) for row in shop.standin.deliveries()] == [(0, 500), (1, 503), (2, 200)]
    assert shop.standin.events(_COMPLETED)[0]["pending_webhooks"] == 0


def test_an_event_nobody_takes_is_given_up(shop: Shop, receiver: Receiver, secret: str) -> None:
    shop.standin.webhooks(retry_seconds=[0.01])
    receiver.answers = [500, 500]
    shop.paid()
    assert shop.standin.wait_until_quiet()
    assert [row["state"] for row in shop.standin.deliveries()] == ["refused", "refused"]
    assert shop.standin.events(_COMPLETED)[0]["pending_webhooks"] == 1


def test_paused_deliveries_wait_and_dropped_ones_never_come(shop: Shop, receiver: Receiver, secret: str) -> None:
    shop.standin.webhooks(paused=True)
    shop.paid()
    assert not shop.standin.wait_until_quiet(seconds=0.1)
    shop.standin.drop_deliveries()
    shop.standin.webhooks(paused=False)
    assert shop.standin.wait_until_quiet()
    assert receiver.count() == 0


def test_every_event_can_come_twice_and_in_any_order(shop: Shop, receiver: Receiver, secret: str) -> None:
    shop.standin.webhooks(duplicate=True, shuffle=True)
    ids = [shop.paid().id for _ in range(5)]
    assert shop.standin.wait_until_quiet()
    arrived = [receiver.next_event(secret).data.object["id"] for _ in range(receiver.count())]
    assert sorted(arrived) == sorted(ids * 2)


def test_an_old_event_can_be_sent_again(shop: Shop, receiver: Receiver, secret: str) -> None:
    shop.paid()
    first = receiver.next_event(secret)
    shop.standin.redeliver(first.id, times=2)
    assert {receiver.next_event(secret).id, receiver.next_event(secret).id} == {first.id}


def test_delivering_now_tells_what_the_site_said(shop: Shop, receiver: Receiver, secret: str) -> None:
    shop.paid()
    assert shop.standin.wait_until_quiet()
    receiver.answers = [418]
    assert shop.standin.deliver_now(shop.standin.events(_COMPLETED)[0]["id"])["status"] == 418


def test_a_disabled_endpoint_gets_nothing(shop: Shop, receiver: Receiver, secret: str) -> None:
    endpoint = shop.client.v1.webhook_endpoints.list().data[0]
    shop.client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    shop.paid()
    assert shop.standin.wait_until_quiet()
    assert receiver.count() == 0


def test_an_endpoint_outside_of_loopback_is_refused(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.webhook_endpoints.create({"url": "https://example.com/hook", "enabled_events": ["*"]})
    assert caught.value.code == "url_invalid"


def test_a_restart_delivers_what_was_waiting(receiver: Receiver, tmp_path: Path) -> None:
    data = tmp_path / "standin.sqlite3"
    with running(data) as standin:
        shop = open_shop(standin)
        secret = _endpoint(shop.client, receiver)
        standin.webhooks(paused=True)
        session = shop.paid()
    with running(data) as standin:
        assert receiver.next_event(secret).data.object["id"] == session.id
        assert client_of(standin).v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
