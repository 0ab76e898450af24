"""A walk through everything the site uses of Stripe, with the official SDK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import stripe

from billing.stripe_standin import ACCOUNT_ID, API_VERSION
from billing.tests.standin.client import StandIn

SUCCESS_URL = "http://127.0.0.1:8000/done?session_id={CHECKOUT_SESSION_ID}"


def client_of(standin: StandIn) -> stripe.StripeClient:
    """The official client, pointed at the stand-in."""
    return stripe.StripeClient(
        standin.secret_key, stripe_version=API_VERSION, base_addresses={"api": standin.base_url}, max_network_retries=0
    )


@dataclass(frozen=True)
class Shop:
    """What the site sells, as `setup_stripe` makes it."""

    client: stripe.StripeClient
    standin: StandIn
    run: stripe.Price
    pilot: stripe.Price

    def session(self, **fields: object) -> stripe.checkout.Session:
        """An open session for one run, unless told otherwise."""
        asked = {
            "mode": "payment",
            "line_items": [{"price": self.run.id, "quantity": 1}],
            "success_url": SUCCESS_URL,
            **fields,
        }
        return self.client.v1.checkout.sessions.create(asked)  # type: ignore[arg-type]

    def paid(self, card: str = "4242424242424242", **fields: object) -> stripe.checkout.Session:
        """A session that was paid, with its lines, intent and charge."""
        id_ = self.session(**fields).id
        assert self.standin.pay(id_, card) is None
        return self.read(id_)

    def subscribed(self, card: str = "4242424242424242", **fields: object) -> stripe.Subscription:
        """A customer's subscription in its first month."""
        customer = self.client.v1.customers.create({"email": "company@example.test", "name": "Company"})
        lines = [{"price": self.pilot.id, "quantity": 1}]
        id_ = self.session(mode="subscription", customer=customer.id, line_items=lines, **fields).id
        assert self.standin.pay(id_, card) is None
        return self.client.v1.subscriptions.retrieve(str(self.read(id_).subscription))

    def read(self, session: str) -> stripe.checkout.Session:
        return self.client.v1.checkout.sessions.retrieve(
            session, {"expand": ["line_items", "payment_intent.latest_charge"]}
        )

    def charge(self, session: stripe.checkout.Session) -> stripe.Charge:
        intent = session.payment_intent
        assert isinstance(intent, stripe.PaymentIntent)
        assert isinstance(intent.latest_charge, stripe.Charge)
        return intent.latest_charge


def open_shop(standin: StandIn) -> Shop:
    client = client_of(standin)
    product = client.v1.products.create(
        {"name": "Single Simulation", "description": "One run", "metadata": {"runs": "1"}}
    )
    plan = client.v1.products.create({"id": "prod_pilot", "name": "Enterprise Pilot"})
    run = client.v1.prices.create(
        {
            "product": product.id,
            "currency": "gbp",
            "unit_amount": 100,
            "lookup_key": "single_run",
            "tax_behavior": "inclusive",
        }
    )
    pilot = client.v1.prices.create(
        {
            "product": plan.id,
            "currency": "gbp",
            "unit_amount": 10000,
            "lookup_key": "pilot_250",
            "recurring": {"interval": "month"},
        }
    )
    return Shop(client, standin, run, pilot)


def walk(standin: StandIn) -> None:
    """Every operation and every kind of event, once."""
    shop = open_shop(standin)
    for step in (
        catalogue,
        endpoints,
        one_off,
        after_sale,
        delayed,
        subscription,
        renewal_trouble,
        promotions,
        reading,
    ):
        step(shop)


def catalogue(shop: Shop) -> None:
    v1 = shop.client.v1
    assert v1.accounts.retrieve_current().id == ACCOUNT_ID
    assert v1.accounts.retrieve(ACCOUNT_ID).id == ACCOUNT_ID
    product = str(shop.run.product)
    v1.products.update(product, {"name": "One run", "metadata": {"runs": ""}})
    v1.products.features.list(product)
    new = v1.prices.create(
        {
            "product": product,
            "currency": "gbp",
            "unit_amount": 120,
            "lookup_key": "single_run",
            "transfer_lookup_key": True,
        }
    )
    v1.prices.update(new.id, {"active": False, "lookup_key": ""})
    v1.prices.update(shop.run.id, {"lookup_key": "single_run", "nickname": "run"})
    v1.products.delete(v1.products.create({"name": "Mistake"}).id)


def endpoints(shop: Shop) -> None:
    service = shop.client.v1.webhook_endpoints
    made = service.create(
        {
            "url": "http://127.0.0.1:9/stripe",
            "enabled_events": ["invoice.paid"],
            "api_version": API_VERSION,
            "metadata": {"a": "b"},
        }
    )
    service.update(made.id, {"enabled_events": ["invoice.paid", "charge.refunded"], "disabled": True})
    service.retrieve(made.id)
    service.list({"limit": 1})
    service.delete(made.id)


def one_off(shop: Shop) -> None:
    """A guest pays, a customer pays with an invoice, a card is declined first, a session expires, one is free."""
    data = {"metadata": {"payment": "pay_1"}, "description": "One run"}
    shop.paid(client_reference_id="pay_1", metadata={"payment": "pay_1"}, payment_intent_data=data)
    customer = shop.client.v1.customers.create({"email": "buyer@example.test", "metadata": {"user": "1"}})
    shop.client.v1.customers.update(customer.id, {"name": "Buyer", "address": {"country": "GB", "city": "London"}})
    invoice = {"enabled": True, "invoice_data": {"description": "Thank you", "metadata": {"payment": "pay_2"}}}
    shop.paid(customer=customer.id, invoice_creation=invoice, cancel_url="http://127.0.0.1:8000/")
    again = shop.session(customer_email="buyer@example.test", customer_creation="always", locale="en-GB")
    assert shop.standin.pay(again.id, "4000000000000002")
    assert shop.standin.pay(again.id, "4000000000009995")
    assert shop.standin.pay(again.id) is None
    shop.client.v1.checkout.sessions.expire(shop.session().id)


def after_sale(shop: Shop) -> None:
    """Refunds, disputes, a fraud warning."""
    v1, standin = shop.client.v1, shop.standin
    session = shop.paid()
    charge = shop.charge(session)
    v1.refunds.create({"charge": charge.id, "amount": 40, "metadata": {"why": "goodwill"}})
    rest = v1.refunds.create({"payment_intent": str(charge.payment_intent), "reason": "requested_by_customer"})
    v1.refunds.update(rest.id, {"metadata": {"seen": "yes"}})
    standin.fail_refund(rest.id)
    v1.charges.update(charge.id, {"description": "One run, given back"})
    v1.payment_intents.update(str(charge.payment_intent), {"metadata": {"seen": "yes"}})
    v1.checkout.sessions.update(session.id, {"metadata": {"seen": "yes"}})
    v1.charges.retrieve(charge.id, {"expand": ["refunds", "balance_transaction"]})
    for won in (True, False):
        disputed = shop.charge(shop.paid("4000000000000259"))
        standin.close_dispute(v1.disputes.list({"charge": disputed.id}).data[0].id, won=won)
    given_up = standin.dispute(shop.charge(shop.paid()).id)
    v1.disputes.update(given_up["id"], {"metadata": {"a": "b"}})
    v1.disputes.close(given_up["id"])
    standin.fraud_warning(shop.charge(shop.paid()).id)


def delayed(shop: Shop) -> None:
    for succeeds in (True, False):
        session = shop.session(invoice_creation={"enabled": True})
        shop.standin.pay_by_bank(session.id)
        shop.standin.settle(session.id, succeeds=succeeds)
        shop.read(session.id)


def subscription(shop: Shop) -> None:
    """Two months, an end that is called off, an end, and the portal."""
    v1, standin = shop.client.v1, shop.standin
    sub = shop.subscribed(subscription_data={"metadata": {"user": "1"}})
    standin.advance(sub.id)
    v1.subscriptions.update(sub.id, {"cancel_at_period_end": True, "metadata": {"a": "b"}})
    v1.subscriptions.update(sub.id, {"cancel_at_period_end": False})
    v1.subscriptions.update(sub.id, {"cancel_at_period_end": True, "cancellation_details": {"comment": "too dear"}})
    v1.billing_portal.sessions.create({"customer": str(sub.customer), "return_url": "http://127.0.0.1:8000/"})
    v1.invoices.list({"subscription": sub.id, "expand": ["data.payments.data.payment.payment_intent.latest_charge"]})
    standin.advance(sub.id)
    v1.subscriptions.cancel(shop.subscribed().id)
    v1.customers.delete(str(sub.customer))
    v1.customers.retrieve(str(sub.customer))


def renewal_trouble(shop: Shop) -> None:
    """A renewal fails, is paid with another card, fails again and ends."""
    v1, standin = shop.client.v1, shop.standin
    sub = shop.subscribed("4000000000000341")
    assert standin.advance(sub.id)["status"] == "past_due"
    good = shop.subscribed()
    invoice = str(v1.subscriptions.retrieve(sub.id).latest_invoice)
    v1.invoices.pay(invoice, {"payment_method": str(good.default_payment_method)})
    standin.advance(sub.id)
    standin.give_up(sub.id)


def promotions(shop: Shop) -> None:
    v1, standin = shop.client.v1, shop.standin
    free = v1.coupons.create({"percent_off": 100, "duration": "once", "name": "Launch"})
    pound = v1.coupons.create({"amount_off": 1000, "currency": "gbp", "duration": "forever", "id": "ten_off"})
    code = v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": free.id}, "code": "LAUNCH", "max_redemptions": 2}
    )
    session = shop.session(allow_promotion_codes=True)
    assert standin.promote(session.id, "launch") is None
    assert standin.pay(session.id) is None
    sub = shop.subscribed(discounts=[{"coupon": pound.id}])
    standin.advance(sub.id)
    shop.paid(discounts=[{"promotion_code": code.id}], invoice_creation={"enabled": True}, customer_creation="always")
    v1.promotion_codes.update(code.id, {"active": False, "metadata": {"a": "b"}})
    v1.coupons.update(pound.id, {"name": "Ten off"})
    v1.coupons.delete(pound.id)


def reading(shop: Shop) -> None:
    """Every list, and one of each kind by its id."""
    v1 = shop.client.v1
    sessions = v1.checkout.sessions
    sessions.line_items.list(sessions.list({"limit": 1, "status": "complete"}).data[0].id)
    v1.subscriptions.list({"status": "all", "expand": ["data.customer"]})
    some_sub = v1.subscriptions.list({"status": "active"}).data[0]
    some_item = v1.subscription_items.list({"subscription": some_sub.id}).data[0]
    v1.subscription_items.retrieve(some_item.id)
    v1.customers.list({"email": "buyer@example.test", "created": {"gte": 1}})
    services: list[Any] = [v1.balance_transactions, v1.charges, v1.coupons, v1.customers, v1.disputes, v1.events]
    services += [v1.refunds, sessions]
    services += [v1.invoice_payments, v1.invoices, v1.payment_intents, v1.payment_methods, v1.prices, v1.products]
    services += [v1.promotion_codes, v1.radar.early_fraud_warnings]
    for service in services:
        service.retrieve(service.list({"limit": 3}).data[0].id)
