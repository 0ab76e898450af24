"""A month, the next month, and the end."""

from __future__ import annotations

import datetime as dt

import pytest
import stripe

from billing.stripe_standin.resources.subscriptions import month_after
from billing.tests.standin.browser import send
from billing.tests.standin.client import ControlRefused
from billing.tests.standin.walk import Shop


def test_the_first_month_is_paid_and_invoiced(shop: Shop) -> None:
    sub = shop.subscribed(subscription_data={"metadata": {"payment": "pay_1"}})
    invoice = _latest_invoice(shop, sub)
    assert (sub.status, invoice.status, invoice.billing_reason) == ("active", "paid", "subscription_create")
    assert invoice.parent.subscription_details.subscription == sub.id  # type: ignore[union-attr]
    assert invoice.parent.subscription_details.metadata.to_dict() == {"payment": "pay_1"}  # type: ignore[union-attr]
    item = sub["items"]["data"][0]
    period = invoice.lines.data[0].period
    assert (period.start, period.end) == (item["current_period_start"], item["current_period_end"])


def test_the_next_month_begins_where_the_last_one_ended(shop: Shop) -> None:
    sub = shop.subscribed()
    end = sub["items"]["data"][0]["current_period_end"]
    shop.standin.advance(sub.id)
    invoice = _latest_invoice(shop, sub)
    assert (invoice.billing_reason, invoice.status) == ("subscription_cycle", "paid")
    assert invoice.lines.data[0].period.start == end
    assert len(shop.client.v1.invoices.list({"subscription": sub.id}).data) == 2


def test_time_passes_for_the_subscription_alone(shop: Shop) -> None:
    session = shop.session()
    shop.standin.advance(shop.subscribed().id)
    assert shop.read(session.id).status == "open"


def test_a_subscription_told_to_end_ends_with_its_month(shop: Shop) -> None:
    sub = shop.subscribed()
    ending = shop.client.v1.subscriptions.update(sub.id, {"cancel_at_period_end": True})
    assert ending.cancel_at == ending["items"]["data"][0]["current_period_end"]
    assert shop.standin.advance(sub.id)["status"] == "canceled"
    assert len(shop.client.v1.invoices.list({"subscription": sub.id}).data) == 1
    assert shop.standin.events("customer.subscription.deleted")


def test_a_change_of_mind_keeps_the_subscription(shop: Shop) -> None:
    sub = shop.subscribed()
    shop.client.v1.subscriptions.update(sub.id, {"cancel_at_period_end": True})
    kept = shop.client.v1.subscriptions.update(sub.id, {"cancel_at_period_end": False})
    assert (kept.cancel_at, kept.canceled_at) == (None, None)
    assert shop.standin.advance(sub.id)["status"] == "active"


def test_a_canceled_subscription_stays_so(shop: Shop) -> None:
    sub = shop.subscribed()
    shop.client.v1.subscriptions.cancel(sub.id)
    with pytest.raises(ControlRefused, match="canceled"):
        shop.standin.advance(sub.id)
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.subscriptions.update(sub.id, {"cancel_at_period_end": True})
    assert shop.client.v1.subscriptions.list().data == []
    assert len(shop.client.v1.subscriptions.list({"status": "all"}).data) == 1


def test_a_card_that_fails_on_renewal_makes_the_subscription_past_due(shop: Shop) -> None:
    sub = shop.subscribed("4000000000000341")
    assert shop.standin.advance(sub.id)["status"] == "past_due"
    invoice = _latest_invoice(shop, sub)
    assert (invoice.status, invoice.amount_remaining, invoice.attempt_count) == ("open", 10000, 1)
    assert shop.standin.events("invoice.payment_failed")


def test_paying_the_open_invoice_with_another_card_makes_it_active_again(shop: Shop) -> None:
    sub = shop.subscribed("4000000000000341")
    shop.standin.advance(sub.id)
    url = str(_latest_invoice(shop, sub).hosted_invoice_url)
    form = {"number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}
    assert send(url, {**form, "number": "4000 0000 0000 0002"}).status == 402
    assert send(url, form).status == 303
    assert shop.client.v1.subscriptions.retrieve(sub.id).status == "active"
    assert _latest_invoice(shop, sub).status == "paid"
    assert shop.standin.advance(sub.id)["status"] == "active"


def test_a_renewal_given_up_on_ends_the_subscription(shop: Shop) -> None:
    sub = shop.subscribed("4000000000000341")
    shop.standin.advance(sub.id)
    assert shop.standin.give_up(sub.id)["cancellation_details"]["reason"] == "payment_failed"


def test_a_discount_for_ever_outlasts_a_discount_once(shop: Shop) -> None:
    totals = {}
    for duration in ("once", "forever"):
        coupon = shop.client.v1.coupons.create({"percent_off": 25, "duration": duration})
        sub = shop.subscribed(discounts=[{"coupon": coupon.id}])
        shop.standin.advance(sub.id)
        totals[duration] = [i.total for i in shop.client.v1.invoices.list({"subscription": sub.id}).data]
    assert totals == {"once": [10000, 7500], "forever": [7500, 7500]}


@pytest.mark.parametrize(
    ("month", "next_month"),
    [
        ("2026-01-31", "2026-02-28"),
        ("2026-02-28", "2026-03-31"),
        ("2026-12-31", "2027-01-31"),
        ("2028-01-31", "2028-02-29"),
    ],
)
def test_a_month_ends_on_the_anchors_day_or_the_last_there_is(month: str, next_month: str) -> None:
    anchor = _second("2026-01-31")
    assert month_after(_second(month), anchor) == _second(next_month)


def _second(day: str) -> int:
    return int(dt.datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp())


def _latest_invoice(shop: Shop, sub: stripe.Subscription) -> stripe.Invoice:
    return shop.client.v1.invoices.retrieve(str(shop.client.v1.subscriptions.retrieve(sub.id).latest_invoice))
