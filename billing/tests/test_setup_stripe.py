"""manage.py setup_stripe, and prices that change."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from djstripe.models import Account, APIKey, WebhookEndpoint
from djstripe.models import Price as StripePrice
from pytest_django import Settings
from stripe import APIConnectionError

from accounts.models import User
from billing import payments
from billing.catalogue import change_amount
from billing.events import ACTIONS
from billing.models import Payment, Product
from billing.prices import DEFAULTS, price_list, price_of
from billing.stripe_api import client as stripe_client
from billing.tests.standin.client import StandIn


def setup(*options: str) -> str:
    said = StringIO()
    call_command("setup_stripe", *options, stdout=said)
    return said.getvalue()


def active_prices() -> dict[str, int]:
    prices = stripe_client().v1.prices.list({"active": True, "limit": 100}).data
    return {price.lookup_key or "": price.unit_amount or 0 for price in prices}


def test_first_setup_makes_what_we_sell(shop: StandIn) -> None:
    assert active_prices() == {"single_run": 100, "pack_10": 800, "pilot_250": 10_000}
    assert {price.key for price in price_list() if price.stripe_price} == {price.key for price in DEFAULTS}
    endpoint = stripe_client().v1.webhook_endpoints.list().data[0]
    assert sorted(endpoint.enabled_events) == sorted(ACTIONS)
    assert WebhookEndpoint.objects.get().secret.startswith("whsec_")


def test_second_setup_changes_nothing_and_asks_little(shop: StandIn) -> None:
    before = Product.objects.values_list("stripe_price", flat=True)
    assert "new price" not in setup()
    assert set(before) == set(Product.objects.values_list("stripe_price", flat=True))
    assert len(stripe_client().v1.webhook_endpoints.list().data) == 1


def test_setup_repairs_what_somebody_broke(shop: StandIn) -> None:
    stripe_client().v1.products.update("fmu_gateway_pack_10", {"name": "Oops"})
    endpoint = stripe_client().v1.webhook_endpoints.list().data[0]
    stripe_client().v1.webhook_endpoints.update(endpoint.id, {"enabled_events": ["charge.refunded"], "disabled": True})
    setup()
    assert stripe_client().v1.products.retrieve("fmu_gateway_pack_10").name == "Credit Pack"
    endpoint = stripe_client().v1.webhook_endpoints.retrieve(endpoint.id)
    assert (sorted(endpoint.enabled_events), endpoint.status) == (sorted(ACTIONS), "enabled")


def test_price_that_is_gone_is_made_again(shop: StandIn) -> None:
    stripe_client().v1.prices.update(price_of("pack_10").stripe_price, {"active": False})
    assert "pack_10: a new price" in setup()
    assert active_prices()["pack_10"] == 800


def test_lost_secret_makes_a_new_endpoint(shop: StandIn) -> None:
    old = WebhookEndpoint.objects.get()
    WebhookEndpoint.objects.update(secret="")
    setup()
    assert WebhookEndpoint.objects.get().id != old.id
    assert len(stripe_client().v1.webhook_endpoints.list().data) == 1


def test_rotation_makes_a_new_secret(shop: StandIn) -> None:
    old = WebhookEndpoint.objects.get().secret
    setup("--rotate-webhook")
    assert WebhookEndpoint.objects.get().secret != old


def test_site_that_moved_gets_its_events_at_the_new_address(shop: StandIn, settings: Settings) -> None:
    settings.SITE_URL = "http://127.0.0.1:8155"
    setup()
    (endpoint,) = stripe_client().v1.webhook_endpoints.list().data
    assert endpoint.url.startswith("http://127.0.0.1:8155/stripe/webhook/")


def test_live_key_needs_the_word_live(db: None, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_LIVE_MODE = "sk_live_" + "0" * 24, True
    with pytest.raises(CommandError, match="--live"):
        setup()


def test_real_key_refuses_a_database_of_the_stand_in(shop: StandIn, settings: Settings, user: User) -> None:
    payments.open_payment(product="pack_10", user=user)
    settings.STRIPE_STANDIN = False
    with pytest.raises(CommandError, match="--forget-standin"):
        setup()
    setup("--forget-standin")
    assert Payment.objects.get().status == "expired"


def test_setup_without_a_key_says_what_is_missing(db: None, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_STANDIN = "", False
    with pytest.raises(CommandError, match="STRIPE_SECRET_KEY"):
        setup()


def test_setup_tells_that_stripe_is_down(shop: StandIn) -> None:
    shop.down(requests=10)
    with pytest.raises(CommandError, match="Stripe says no"):
        setup()
    shop.up()


def test_new_amount_is_a_new_price_with_the_same_key(shop: StandIn, user: User) -> None:
    old = price_of("pack_10").stripe_price
    change_amount("pack_10", 900)
    new = stripe_client().v1.prices.retrieve(price_of("pack_10").stripe_price)
    assert (new.id != old, new.lookup_key, new.unit_amount) == (True, "pack_10", 900)
    assert not stripe_client().v1.prices.retrieve(old).active
    assert payments.open_payment(product="pack_10", user=user).payment.amount == 900


def test_new_price_is_sold_although_the_old_one_could_not_be_closed(
    shop: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has the lookup key by then: with our old row the next setup would change the price, and nobody knew."""

    def away(*args: object) -> None:
        raise APIConnectionError("Stripe went away in the middle")

    monkeypatch.setattr(stripe_client().v1.prices, "update", away)
    change_amount("pack_10", 900)
    assert (price_of("pack_10").amount, active_prices()["pack_10"]) == (900, 900)


def test_amount_changed_in_the_admin_survives_the_next_setup(shop: StandIn, admin_client: Client) -> None:
    form = {"amount": "950", "reason": "it costs more"}
    answer = admin_client.post("/admin/billing/product/pack_10/change_price/", form)
    assert answer.status_code == 302
    setup()
    assert (price_of("pack_10").amount, active_prices()["pack_10"]) == (950, 950)


def test_amount_that_stripe_refuses_stays_as_it_was(shop: StandIn, admin_client: Client) -> None:
    shop.down(requests=10)
    form = {"amount": "950", "reason": "it costs more"}
    admin_client.post("/admin/billing/product/pack_10/change_price/", form)
    shop.up()
    assert (price_of("pack_10").amount, active_prices()["pack_10"]) == (800, 800)


def test_dj_stripe_knows_the_prices_and_the_account(shop: StandIn) -> None:
    assert StripePrice.objects.count() == 3
    assert Account.objects.exists()
    assert APIKey.objects.count() <= 1
