"""Keep Stripe's products and prices equal to our price list.

A price has our lookup_key or it is not ours. The one that has it is the truth: our rows follow it, and a change of
amount is a new price that takes the key over, so that what was sold at the old price stays at the old price.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import stripe
from django.conf import settings
from djstripe import models as djstripe

from billing.models import Product
from billing.prices import KEYS, Price, price_list, price_of
from billing.stripe_api import client

if TYPE_CHECKING:
    from stripe.params import PriceCreateParams

log = logging.getLogger(__name__)


def sync_catalogue(say: Callable[[str], Any]) -> None:
    """Make or repair what is missing at Stripe, then our rows. One question when nothing is to do."""
    asked: Any = {"lookup_keys": list(KEYS), "active": True, "expand": ["data.product"]}
    found = {price.lookup_key: price for price in client().v1.prices.list(asked).data}
    for ours in price_list():
        theirs = found.get(ours.key)
        if theirs is None or not _fits(theirs, ours):
            say(f"  {ours.key}: a new price")
            publish(ours)
        else:
            _repair_product(theirs.product, ours)
            _remember(theirs, ours)


def change_amount(key: str, amount: int) -> None:
    """The owner's new price, in minor units. Raises stripe.StripeError, and then nothing has changed."""
    old = price_of(key)
    publish(Price(old.key, old.name, amount, old.currency, old.runs, old.interval))


def publish(ours: Price) -> None:
    """Make a Stripe price for this line of the list; it takes the lookup key over, and the old one is closed."""
    _ensure_product(ours)
    asked: Any = {"lookup_keys": [ours.key], "active": True}
    old = client().v1.prices.list(asked).data
    new = client().v1.prices.create(_params(ours))
    _remember(new, ours)
    for price in old:
        _close(price)


def _close(price: stripe.Price) -> None:
    """Nobody is led to it any more: where it stays open, the new price is sold all the same."""
    try:
        client().v1.prices.update(price.id, {"active": False})
    except stripe.StripeError as error:
        log.warning("price=%s could not be closed: %s", price.id, error)


def _fits(theirs: stripe.Price, ours: Price) -> bool:
    interval = theirs.recurring.interval if theirs.recurring else ""
    return (theirs.currency, interval) == (ours.currency, ours.interval) and bool(theirs.unit_amount)


def _params(ours: Price) -> PriceCreateParams:
    params: PriceCreateParams = {
        "product": _product_id(ours),
        "currency": ours.currency,
        "unit_amount": ours.amount,
        "lookup_key": ours.key,
        "transfer_lookup_key": True,
        "tax_behavior": "inclusive",
    }
    if ours.monthly:
        params["recurring"] = {"interval": "month"}
    return params


def _product_id(ours: Price) -> str:
    return f"fmu_gateway_{ours.key}"


def _ensure_product(ours: Price) -> None:
    try:
        product = client().v1.products.retrieve(_product_id(ours))
    except stripe.InvalidRequestError as error:
        if error.code != "resource_missing":
            raise
        client().v1.products.create({"id": _product_id(ours), "name": ours.name})
    else:
        _repair_product(product, ours)


def _repair_product(product: stripe.Product | str, ours: Price) -> None:
    if isinstance(product, stripe.Product) and (product.name != ours.name or not product.active):
        client().v1.products.update(product.id, {"name": ours.name, "active": True})


def _remember(theirs: stripe.Price, ours: Price) -> None:
    """Our row, and dj-stripe's when it has none yet."""
    row = {
        "name": ours.name,
        "amount": theirs.unit_amount or ours.amount,
        "currency": theirs.currency,
        "runs": ours.runs,
        "interval": ours.interval,
        "stripe_price": theirs.id,
        "livemode": settings.STRIPE_LIVE_MODE,
    }
    Product.objects.update_or_create(key=ours.key, defaults=row)
    if not djstripe.Price.objects.filter(id=theirs.id).exists():
        fresh = client().v1.prices.retrieve(theirs.id, {"expand": ["product"]})
        djstripe.Price.sync_from_stripe_data(fresh, api_key=settings.STRIPE_SECRET_KEY)
