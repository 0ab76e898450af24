"""Discounts: a coupon at work on a subscription or an invoice."""

from typing import Any

import stripe

from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import new_id
from billing.stripe_standin.state.objects import make
from billing.stripe_standin.state.store import Obj


def create(backend: Backend, used: Obj, **owner: Any) -> Obj:
    """`used` is an entry of a session's `discounts`; `owner` names what it works on."""
    return backend.store.add(
        make(
            stripe.Discount,
            id=new_id("di"),
            start=backend.now(),
            source={"coupon": used["coupon"], "type": "coupon"},
            promotion_code=used["promotion_code"],
            **owner,
        )
    )


def amount_off(backend: Backend, discount: Obj, amount: int) -> int:
    coupon = backend.need("coupon", discount["source"]["coupon"])
    off = round(amount * coupon["percent_off"] / 100) if coupon["percent_off"] else coupon["amount_off"]
    return min(amount, int(off))


def lasts(backend: Backend, discount: Obj) -> bool:
    """Whether it is still there after the first invoice."""
    return bool(backend.need("coupon", discount["source"]["coupon"])["duration"] != "once")
