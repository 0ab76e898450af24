"""Prices: what it costs, found by lookup key."""

import stripe
import stripe.params as p

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.routes import Route, change, readable
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.store import Obj

_UPDATED_WITH = frozenset({"active", "lookup_key", "metadata", "nickname", "tax_behavior", "transfer_lookup_key"})
_CREATED_WITH = _UPDATED_WITH | {"currency", "product", "recurring.interval", "unit_amount"}


def create(backend: Backend, params: Obj) -> Obj:
    backend.need("product", params.get("product"), "product")
    amount = _amount(params)
    _free_lookup_key(backend, params)
    recurring = _recurring(params.get("recurring"))
    price = backend.add(
        stripe.Price,
        "price",
        active=params.get("active", True),
        billing_scheme="per_unit",
        currency=params["currency"].lower(),
        lookup_key=params.get("lookup_key"),
        metadata=params.get("metadata") or {},
        nickname=params.get("nickname"),
        product=params["product"],
        recurring=recurring,
        tax_behavior=params.get("tax_behavior", "unspecified"),
        type="recurring" if recurring else "one_time",
        unit_amount=amount,
        unit_amount_decimal=str(amount),
    )
    backend.emit("price.created", price)
    return price


def _amount(params: Obj) -> int:
    if "unit_amount" not in params:
        raise StripeError.invalid(
            "Must provide `unit_amount`: the stand-in knows fixed prices only.", "unit_amount", "parameter_missing"
        )
    amount: int = params["unit_amount"]
    if amount < 0:
        raise StripeError.parameter("Invalid non-negative integer", "unit_amount", "parameter_invalid_integer")
    return amount


def _free_lookup_key(backend: Backend, params: Obj) -> None:
    """A lookup key belongs to one price; `transfer_lookup_key` takes it from the one that has it."""
    key = params.get("lookup_key")
    for other in backend.store.find("price", {"lookup_key": key}) if key else ():
        if not params.get("transfer_lookup_key"):
            raise StripeError.invalid(
                f"A price (`{other['id']}`) already uses that lookup key.", "lookup_key", "resource_already_exists"
            )
        backend.emit("price.updated", other, change(other, {"lookup_key": None}))


def _recurring(asked: Obj | None) -> Obj | None:
    if not asked:
        return None
    if asked["interval"] != "month":
        raise StripeError.invalid("The stand-in knows months only.", "recurring[interval]")
    return {"interval": "month", "interval_count": 1, "meter": None, "usage_type": "licensed"}


def _update(backend: Backend, params: Obj, id_: str) -> Obj:
    price = backend.need("price", id_)
    if "lookup_key" in params and params["lookup_key"] != price["lookup_key"]:
        _free_lookup_key(backend, params)
    previous = change(price, {name: params[name] for name in params if name != "transfer_lookup_key"})
    if previous:
        backend.emit("price.updated", price, previous)
    return price


ROUTES = [
    Route("POST", "/v1/prices", p.PriceCreateParams, create, _CREATED_WITH),
    Route("POST", "/v1/prices/{id}", p.PriceModifyParams, _update, _UPDATED_WITH),
    *readable("price", "/v1/prices", p.PriceRetrieveParams, p.PriceListParams, {"lookup_keys": "lookup_key"}),
]
