"""Stripe is down, in the ways it can be."""

from __future__ import annotations

import pytest
import stripe

from billing.tests.standin.browser import get, send
from billing.tests.standin.client import ControlRefused, StandIn
from billing.tests.standin.walk import Shop


def test_down_answers_503_for_so_many_requests_and_then_recovers(shop: Shop) -> None:
    shop.standin.down(requests=2)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as caught:
            shop.client.v1.customers.create({})
        assert caught.value.http_status == 503
    assert shop.client.v1.customers.create({}).id


def test_hanging_up_does_nothing(shop: Shop) -> None:
    shop.standin.down(requests=1, how="hang_up")
    with pytest.raises(stripe.APIConnectionError):
        shop.client.v1.customers.create({})
    assert shop.client.v1.customers.list().data == []


def test_a_lost_answer_was_done_and_the_key_finds_it_again(shop: Shop) -> None:
    shop.standin.down(requests=1, how="lose_answer")
    with pytest.raises(stripe.APIConnectionError):
        shop.client.v1.customers.create({}, {"idempotency_key": "once"})
    done = shop.client.v1.customers.list().data
    assert [c.id for c in done] == [shop.client.v1.customers.create({}, {"idempotency_key": "once"}).id]


def test_down_for_a_while_ends_when_told(shop: Shop) -> None:
    shop.standin.down(seconds=600)
    with pytest.raises(stripe.APIError):
        shop.client.v1.customers.list()
    shop.standin.up()
    assert shop.client.v1.customers.list().data == []


def test_health_tells_those_who_wait_for_it_to_start(stripe_standin: StandIn) -> None:
    assert get(f"{stripe_standin.base_url}/_standin/health").status == 200


def test_a_control_that_cannot_work_says_why(stripe_standin: StandIn) -> None:
    for act in (lambda: stripe_standin.webhooks(angry=True), lambda: stripe_standin.down(requests=1, how="slowly")):
        with pytest.raises(ControlRefused, match=r"angry|slowly"):
            act()
    assert send(f"{stripe_standin.base_url}/_standin/reset", {}).status == 415
