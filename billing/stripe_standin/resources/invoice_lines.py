"""The lines of an invoice: a month of a subscription, or what was bought once."""

import stripe

from billing.stripe_standin.resources import discounts
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import new_id
from billing.stripe_standin.state.objects import make
from billing.stripe_standin.state.store import Obj


def subscription_line(backend: Backend, subscription: Obj, invoice: str, used: list[Obj]) -> Obj:
    item = subscription["items"]["data"][0]
    details = {
        "invoice_item": None,
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": subscription["id"],
        "subscription_item": item["id"],
    }
    parent = {"invoice_item_details": None, "subscription_item_details": details, "type": "subscription_item_details"}
    period = {"start": item["current_period_start"], "end": item["current_period_end"]}
    return _line(
        backend, invoice, item["price"], item["quantity"], parent, period, dict(subscription["metadata"]), used
    )


def purchase_line(backend: Backend, line: Obj, invoice: str, used: list[Obj]) -> Obj:
    details = {
        "invoice_item": new_id("ii"),
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": None,
    }
    parent = {"invoice_item_details": details, "subscription_item_details": None, "type": "invoice_item_details"}
    period = {"start": backend.now(), "end": backend.now()}
    return _line(backend, invoice, backend.need("price", line["price"]), line["quantity"], parent, period, {}, used)


def _line(
    backend: Backend, invoice: str, price: Obj, quantity: int, parent: Obj, period: Obj, metadata: Obj, used: list[Obj]
) -> Obj:
    amount, name = price["unit_amount"] * quantity, backend.need("product", price["product"])["name"]
    off = [{"amount": discounts.amount_off(backend, discount, amount), "discount": discount["id"]} for discount in used]
    return make(
        stripe.InvoiceLineItem,
        id=new_id("il"),
        amount=amount,
        currency=price["currency"],
        description=f"{quantity} x {name}",
        discount_amounts=off,
        discountable=True,
        discounts=[discount["id"] for discount in used],
        invoice=invoice,
        livemode=False,
        metadata=metadata,
        parent=parent,
        period=period,
        pretax_credit_amounts=[],
        quantity=quantity,
        quantity_decimal=str(quantity),
        pricing={
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        subtotal=amount,
        taxes=[],
    )
