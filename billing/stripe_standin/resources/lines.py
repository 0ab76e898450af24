"""The lines of a Checkout Session, and what a discount makes of their sum."""

from typing import Any

import stripe

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import new_id
from billing.stripe_standin.state.objects import make
from billing.stripe_standin.state.store import Obj

_WRONG_PRICE = {
    "subscription": (
        "one_time",
        "line_items",
        "You must provide at least one recurring price in `subscription` mode when using prices.",
    ),
    "payment": (
        "recurring",
        "mode",
        "You specified `payment` mode but passed a recurring price. Switch to `subscription` mode.",
    ),
}


def lines_of(backend: Backend, asked: list[Obj], mode: str) -> list[Obj]:
    """Line items that keep the id of their price; `line_items` shows the whole price."""
    if not asked:
        raise StripeError.invalid("You must pass `line_items` in this mode.", "line_items", "parameter_missing")
    return [_line(backend, line, mode, f"line_items[{i}]") for i, line in enumerate(asked)]


def discount(lines: list[Obj], coupon: Obj | None) -> int:
    """Take the coupon off the lines and return how much it took."""
    left = coupon["amount_off"] or 0 if coupon else 0
    for line in lines:
        percent = coupon["percent_off"] if coupon else None
        off = round(line["amount_subtotal"] * percent / 100) if percent else min(left, line["amount_subtotal"])
        left -= 0 if percent else off
        line |= {"amount_discount": off, "amount_total": line["amount_subtotal"] - off}
    return total(lines, "amount_discount")


def total(lines: list[Obj], field: str) -> int:
    return sum(line[field] for line in lines)


def _line(backend: Backend, asked: Obj, mode: str, path: str) -> Obj:
    price = backend.need("price", asked.get("price"), f"{path}[price]")
    _check(price, asked, mode, path)
    quantity = asked["quantity"]
    amount = quantity * price["unit_amount"]
    product: dict[str, Any] = backend.need("product", price["product"])
    return make(
        stripe.LineItem,
        id=new_id("li"),
        amount_discount=0,
        amount_subtotal=amount,
        amount_tax=0,
        amount_total=amount,
        currency=price["currency"],
        description=product["name"],
        metadata={},
        price=price["id"],
        quantity=quantity,
    )


def _check(price: Obj, asked: Obj, mode: str, path: str) -> None:
    if not price["active"]:
        raise StripeError.invalid(
            "The price specified is inactive. This field only accepts active prices.", f"{path}[price]"
        )
    wrong_type, param, message = _WRONG_PRICE[mode]
    if price["type"] == wrong_type:
        raise StripeError.invalid(message, param)
    if asked.get("quantity", 0) < 1:
        raise StripeError.invalid(
            f"Quantity is required. Add `quantity` to `{path}`", f"{path}[quantity]", "parameter_missing"
        )
