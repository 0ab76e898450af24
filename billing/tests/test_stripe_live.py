"""The walks that need no browser, against the real test mode: STRIPE_TEST_SECRET_KEY=sk_test_... pytest -m stripe_live.

A browser pays in Checkout; here a PaymentIntent with one of Stripe's test cards does, which is what the page makes.
Webhook endpoints are removed again; payments and prices stay in the test mode.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest
import stripe
from django.core.management import call_command
from pytest_django import Settings

from accounts.models import User
from billing import payments, reconcile
from billing.catalogue import change_amount
from billing.errors import StripeUnavailable
from billing.facts import read_charge, read_session
from billing.models import Payment, PaymentStatus
from billing.prices import price_of
from billing.stripe_api import client
from billing.sweep import sweep
from billing.tests.sessions import session_of

KEY = os.environ.get("STRIPE_TEST_SECRET_KEY", "")

pytestmark = [
    pytest.mark.stripe_live,
    pytest.mark.enable_socket,
    pytest.mark.django_db,
    pytest.mark.skipif(not KEY, reason="STRIPE_TEST_SECRET_KEY is not set: Stripe's real test mode is opt-in"),
]


@pytest.fixture
def live(settings: Settings, db: None) -> Iterator[stripe.StripeClient]:
    """The real test mode, with our catalogue; webhooks go to an address that nobody answers."""
    assert KEY.startswith("sk_test_"), "Only a test key: this moves no real money."
    settings.STRIPE_SECRET_KEY = settings.STRIPE_TEST_SECRET_KEY = KEY
    settings.STRIPE_STANDIN = False
    settings.STRIPE_API_HOST = stripe.DEFAULT_API_BASE
    settings.SITE_URL = f"https://{uuid.uuid4().hex[:12]}.example.com"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stripe, "api_base", stripe.DEFAULT_API_BASE)
        call_command("setup_stripe", verbosity=0)
        yield client()
        for endpoint in client().v1.webhook_endpoints.list({"limit": 100}).data:
            if endpoint.url.startswith(settings.SITE_URL):
                client().v1.webhook_endpoints.delete(endpoint.id)


def test_setup_is_idempotent(live: stripe.StripeClient) -> None:
    before = {key: price_of(key).stripe_price for key in ("single_run", "pack_10", "pilot_250")}
    call_command("setup_stripe", verbosity=0)
    assert {key: price_of(key).stripe_price for key in before} == before


def test_checkout_opens_and_closes(live: stripe.StripeClient) -> None:
    opened = payments.open_payment(product="single_run", simulation="sim_live")
    assert opened.checkout_url.startswith("https://checkout.stripe.com/")
    again = payments.open_payment(product="single_run", simulation="sim_live")
    opened.payment.refresh_from_db()
    assert (opened.payment.status, again.payment.status) == (PaymentStatus.EXPIRED, PaymentStatus.OPEN)


def test_pack_and_plan_open_for_an_account(live: stripe.StripeClient, user: User) -> None:
    for product in ("pack_10", "pilot_250"):
        opened = payments.open_payment(product=product, user=user)
        facts = read_session(session_of(opened.payment))
        assert (facts.payment, facts.paid, facts.subtotal) == (opened.payment.public_id, False, opened.payment.amount)


def test_unpaid_session_reconciles_to_open(live: stripe.StripeClient) -> None:
    opened = payments.open_payment(product="single_run")
    reconcile.reconcile_session(session_of(opened.payment))
    assert Payment.objects.get().status == PaymentStatus.OPEN


def test_charge_and_refund_read_as_the_ledger_expects(live: stripe.StripeClient) -> None:
    intent = live.v1.payment_intents.create(
        {
            "amount": 800,
            "currency": "gbp",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        }
    )
    charge_id = str(intent.latest_charge)
    live.v1.refunds.create({"charge": charge_id, "amount": 300})
    charge = read_charge(charge_id)
    assert charge
    assert (charge.amount, charge.refunded, charge.money_back, charge.livemode) == (800, 300, 300, False)
    assert charge.fee > 0
    assert [refund.amount for refund in charge.refunds] == [300]


def test_price_takes_the_key_over_and_back(live: stripe.StripeClient) -> None:
    before = price_of("pack_10").amount
    change_amount("pack_10", before + 100)
    change_amount("pack_10", before)
    (price,) = live.v1.prices.list({"lookup_keys": ["pack_10"], "active": True}).data
    assert price.unit_amount == before


def test_sweep_reads_the_real_events(live: stripe.StripeClient) -> None:
    assert sweep(days=1).replayed >= 0


def test_wrong_key_is_told_as_unavailable(live: stripe.StripeClient, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = "sk_test_" + "0" * 24
    with pytest.raises(StripeUnavailable):
        payments.open_payment(product="single_run")
    assert not Payment.objects.exists()
