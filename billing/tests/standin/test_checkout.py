"""A buyer at the Checkout: pays, is declined, pays later, pays nothing, comes too late."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from billing.tests.standin.client import ControlRefused
from billing.tests.standin.walk import Shop


def test_a_paid_session_leads_to_its_charge(shop: Shop) -> None:
    data = {"metadata": {"payment": "pay_1"}}
    session = shop.paid(client_reference_id="pay_1", metadata={"payment": "pay_1"}, payment_intent_data=data)
    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    assert (session.amount_total, session.currency, session.livemode) == (100, "gbp", False)
    assert session.line_items.data[0].price.lookup_key == "single_run"  # type: ignore[union-attr]
    charge = shop.charge(session)
    assert (charge.amount, charge.paid) == (100, True)
    assert charge.metadata.to_dict() == {"payment": "pay_1"}


def test_a_guest_stays_a_guest(shop: Shop) -> None:
    session = shop.paid()
    assert session.customer is None
    assert session.customer_details.email == "buyer@example.test"  # type: ignore[union-attr]


@pytest.mark.parametrize("fields", [{"customer_creation": "always"}, {"invoice_creation": {"enabled": True}}])
def test_a_customer_is_made_when_one_is_needed(shop: Shop, fields: dict[str, Any]) -> None:
    assert shop.paid(**fields).customer


@pytest.mark.parametrize(
    ("card", "message"),
    [("4000000000000002", "Your card was declined."), ("4000000000009995", "Your card has insufficient funds.")],
)
def test_a_declined_card_leaves_the_session_open_for_another(shop: Shop, card: str, message: str) -> None:
    session = shop.session()
    assert shop.standin.pay(session.id, card) == message
    declined = shop.read(session.id)
    assert (declined.status, declined.payment_status) == ("open", "unpaid")
    assert shop.standin.pay(session.id) is None
    assert shop.read(session.id).payment_intent.id == declined.payment_intent.id  # type: ignore[union-attr]


def test_a_double_click_pays_once(shop: Shop) -> None:
    session = shop.session()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: shop.standin.pay(session.id), range(8)))
    assert len(shop.client.v1.charges.list().data) == 1
    assert len(shop.standin.events("checkout.session.completed")) == 1


def test_an_expired_session_cannot_be_paid(shop: Shop) -> None:
    session = shop.session()
    shop.client.v1.checkout.sessions.expire(session.id)
    with pytest.raises(ControlRefused, match="expired"):
        shop.standin.pay(session.id)
    with pytest.raises(stripe.InvalidRequestError, match="status of expired"):
        shop.client.v1.checkout.sessions.expire(session.id)


def test_a_paid_session_cannot_be_expired(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="status of complete"):
        shop.client.v1.checkout.sessions.expire(shop.paid().id)


def test_a_bank_debit_is_complete_before_it_is_paid(shop: Shop) -> None:
    session = shop.session(invoice_creation={"enabled": True})
    shop.standin.pay_by_bank(session.id)
    waiting = shop.read(session.id)
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert waiting.payment_intent.status == "processing"  # type: ignore[union-attr]
    shop.standin.settle(session.id)
    assert shop.read(session.id).payment_status == "paid"
    assert shop.standin.events("checkout.session.async_payment_succeeded")


def test_a_bank_debit_can_fail(shop: Shop) -> None:
    session = shop.session()
    shop.standin.pay_by_bank(session.id)
    shop.standin.settle(session.id, succeeds=False)
    assert shop.read(session.id).payment_status == "unpaid"
    assert shop.standin.events("checkout.session.async_payment_failed")
    with pytest.raises(ControlRefused, match="nothing to settle"):
        shop.standin.settle(session.id)


def test_an_order_without_cost_needs_no_card(shop: Shop) -> None:
    coupon = shop.client.v1.coupons.create({"percent_off": 100})
    session = shop.paid("4000000000000002", discounts=[{"coupon": coupon.id}])
    assert (session.payment_status, session.amount_total, session.payment_intent) == ("no_payment_required", 0, None)
    assert session.customer


def test_a_promotion_code_makes_it_cheaper_whatever_its_case(shop: Shop) -> None:
    _code(shop, "HALF", percent_off=50)
    session = shop.session(allow_promotion_codes=True)
    assert shop.standin.promote(session.id, " half ") is None
    assert shop.standin.pay(session.id) is None
    assert shop.charge(shop.read(session.id)).amount == 50


def test_a_used_up_promotion_code_is_refused(shop: Shop) -> None:
    _code(shop, "ONCE", percent_off=100, max_redemptions=1)
    first, second = (shop.session(allow_promotion_codes=True).id for _ in range(2))
    assert shop.standin.promote(first, "ONCE") is None
    assert shop.standin.pay(first) is None
    assert shop.standin.promote(second, "ONCE") == "This code is invalid."
    assert shop.read(second).amount_total == 100


def test_a_discount_is_never_larger_than_the_order(shop: Shop) -> None:
    coupon = shop.client.v1.coupons.create({"amount_off": 5000, "currency": "gbp"})
    assert shop.session(discounts=[{"coupon": coupon.id}]).amount_total == 0


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"mode": "subscription"}, "recurring price"),
        ({"line_items": []}, "line_items"),
        ({"customer": "cus_nobody"}, "No such customer"),
        ({"expires_at": 4_000_000_000}, "expires_at"),
        ({"allow_promotion_codes": True, "discounts": [{"coupon": "c"}]}, "only specify one"),
        ({"subscription_data": {"description": "x"}}, "subscription_data"),
    ],
)
def test_a_session_that_makes_no_sense_is_refused(shop: Shop, fields: dict[str, object], complaint: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=complaint):
        shop.session(**fields)


def test_a_price_that_is_no_longer_sold_cannot_be_bought(shop: Shop) -> None:
    shop.client.v1.prices.update(shop.run.id, {"active": False})
    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        shop.session()


def test_an_invoice_of_a_purchase_names_what_was_bought(shop: Shop) -> None:
    session = shop.paid(invoice_creation={"enabled": True, "invoice_data": {"description": "Thank you"}})
    invoice = shop.client.v1.invoices.retrieve(str(session.invoice), {"expand": ["payments"]})
    assert (invoice.status, invoice.total, invoice.description, invoice.parent) == ("paid", 100, "Thank you", None)
    assert invoice.lines.data[0].description == "1 x Single Simulation"
    payment = invoice.payments.data[0]  # type: ignore[union-attr]
    assert (payment.status, payment.payment.payment_intent) == ("paid", session.payment_intent.id)  # type: ignore[union-attr]


def _code(shop: Shop, code: str, *, max_redemptions: int = 100, **coupon: object) -> None:
    made = shop.client.v1.coupons.create({**coupon, "duration": "once"})  # type: ignore[arg-type]
    promotion: stripe.params.PromotionCodeCreateParamsPromotion = {"type": "coupon", "coupon": made.id}
    shop.client.v1.promotion_codes.create({"promotion": promotion, "code": code, "max_redemptions": max_redemptions})
