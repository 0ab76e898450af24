"""The stand-in and Stripe's real test mode give the same answers to the same questions.

Against the stand-in always; against Stripe when STRIPE_TEST_SECRET_KEY holds a test key, and put away again there.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import stripe

from billing.stripe_standin import API_VERSION
from billing.tests.standin.client import StandIn
from billing.tests.standin.conformance import response_problems
from billing.tests.standin.spec import available
from billing.tests.standin.walk import SUCCESS_URL, client_of

_REAL_KEY = os.environ.get("STRIPE_TEST_SECRET_KEY", "")
_REAL = pytest.param(
    "stripe",
    marks=[pytest.mark.stripe_live, pytest.mark.skipif(not _REAL_KEY, reason="STRIPE_TEST_SECRET_KEY is not set")],
)


@dataclass(frozen=True)
class Place:
    """An account at Stripe or at the stand-in, with something to sell in it."""

    client: stripe.StripeClient
    webhook_url: str
    product: str
    price: str
    lookup_key: str


@pytest.fixture(params=["stand-in", _REAL])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "stripe":
        assert _REAL_KEY.startswith("sk_test_"), "STRIPE_TEST_SECRET_KEY must be a test key"
        client, url = stripe.StripeClient(_REAL_KEY, stripe_version=API_VERSION), "https://example.com/stripe/webhook"
    else:
        standin: StandIn = request.getfixturevalue("stripe_standin")
        client, url = client_of(standin), "http://127.0.0.1:9/stripe/webhook"
    key = f"agreement_{secrets.token_hex(6)}"
    product = client.v1.products.create({"name": "Agreement"}).id
    price = client.v1.prices.create({"product": product, "currency": "gbp", "unit_amount": 100, "lookup_key": key}).id
    yield Place(client, url, product, price, key)
    client.v1.products.update(product, {"active": False})


def test_a_session_is_opened_read_and_expired(place: Place) -> None:
    sessions = place.client.v1.checkout.sessions
    made = sessions.create(
        {
            "mode": "payment",
            "line_items": [{"price": place.price, "quantity": 1}],
            "success_url": SUCCESS_URL,
            "client_reference_id": "pay_1",
            "metadata": {"payment": "pay_1"},
            "allow_promotion_codes": True,
            "customer_creation": "always",
            "payment_intent_data": {"metadata": {"payment": "pay_1"}},
            "invoice_creation": {"enabled": True, "invoice_data": {"metadata": {"payment": "pay_1"}}},
        }
    )
    assert (made.status, made.payment_status, made.amount_total, made.livemode) == ("open", "unpaid", 100, False)
    read = sessions.retrieve(made.id, {"expand": ["line_items"]})
    assert read.line_items.data[0].price.lookup_key == place.lookup_key  # type: ignore[union-attr]
    expired = sessions.expire(made.id)
    assert (expired.status, expired.url) == ("expired", None)
    with pytest.raises(stripe.InvalidRequestError, match="can be expired"):
        sessions.expire(made.id)
    _has_the_specified_shape("/v1/checkout/sessions/{session}", read)


def test_a_lookup_key_moves_to_a_new_price(place: Place) -> None:
    prices = place.client.v1.prices
    same: stripe.params.PriceCreateParams = {
        "product": place.product,
        "currency": "gbp",
        "unit_amount": 120,
        "lookup_key": place.lookup_key,
    }
    with pytest.raises(stripe.InvalidRequestError):
        prices.create(same)
    new = prices.create({**same, "transfer_lookup_key": True})
    assert [found.id for found in prices.list({"lookup_keys": [place.lookup_key]}).data] == [new.id]
    assert prices.retrieve(place.price).lookup_key is None
    _has_the_specified_shape("/v1/prices/{price}", prices.retrieve(new.id))


def test_a_customer_is_made_changed_and_deleted(place: Place) -> None:
    customers = place.client.v1.customers
    made = customers.create({"email": "agreement@example.com", "metadata": {"a": "1", "b": "2"}})
    changed = customers.update(made.id, {"metadata": {"b": ""}, "name": "Agreement"})
    assert (changed.to_dict()["metadata"], changed.name) == ({"a": "1"}, "Agreement")
    _has_the_specified_shape("/v1/customers/{customer}", changed)
    customers.delete(made.id)
    assert customers.retrieve(made.id).deleted


def test_an_endpoint_tells_its_secret_once(place: Place) -> None:
    endpoints = place.client.v1.webhook_endpoints
    made = endpoints.create(
        {"url": place.webhook_url, "enabled_events": ["invoice.paid"], "api_version": "2026-05-27.dahlia"}
    )
    assert str(made.secret).startswith("whsec_")
    assert "secret" not in endpoints.retrieve(made.id)
    assert endpoints.update(made.id, {"disabled": True}).status == "disabled"
    assert endpoints.delete(made.id).deleted


def test_a_promotion_code_belongs_to_a_coupon(place: Place) -> None:
    v1, text = place.client.v1, place.lookup_key.upper().replace("_", "")
    coupon = v1.coupons.create({"percent_off": 100, "duration": "once"})
    code = v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": text})
    assert v1.promotion_codes.list({"code": text}).data[0].promotion.coupon == coupon.id
    with pytest.raises(stripe.InvalidRequestError):
        v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": text})
    _has_the_specified_shape("/v1/promotion_codes/{promotion_code}", v1.promotion_codes.retrieve(code.id))
    assert v1.coupons.delete(coupon.id).deleted


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"emial": "a@example.com"}, "parameter_unknown", "emial"),
        ({"address": {"contry": "GB"}}, "parameter_unknown", "address[contry]"),
        ({"balance": "much"}, "parameter_invalid_integer", "balance"),
    ],
)
def test_a_bad_parameter_is_refused_in_the_same_words(
    place: Place, params: dict[str, object], code: str, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        place.client.v1.customers.create(params)  # type: ignore[arg-type]
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, code, param)


def test_what_is_not_there_is_missing_in_the_same_words(place: Place) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        place.client.v1.prices.retrieve("price_nowhere")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    assert "No such price: 'price_nowhere'" in str(caught.value)


def test_an_idempotency_key_gives_the_first_answer_again(place: Place) -> None:
    customers, key = place.client.v1.customers, stripe.RequestOptions(idempotency_key=place.lookup_key)
    first = customers.create({"email": "agreement@example.com"}, key)
    again = customers.create({"email": "agreement@example.com"}, key)
    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"  # type: ignore[union-attr]
    with pytest.raises(stripe.IdempotencyError):
        customers.create({"email": "other@example.com"}, key)
    customers.delete(first.id)


def _has_the_specified_shape(template: str, answer: stripe.StripeObject) -> None:
    """What Stripe's specification requires is there. Fields beyond it are allowed: Stripe itself sends some."""
    if available():
        sent = json.loads(answer.last_response.body)  # type: ignore[union-attr]  # the SDK turns some text into numbers
        problems = response_problems(template, sent)
        assert not [problem for problem in problems if "unexpected" not in problem]
