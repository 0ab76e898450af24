"""Checkout Sessions: made by the site, opened by the buyer, complete or expired in the end."""

from typing import Any

import stripe
import stripe.params.checkout as p

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.expand import line_items
from billing.stripe_standin.api.routes import Route, readable, update_of
from billing.stripe_standin.resources import lines, promotions
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.store import Obj

_DAY = 86400
_HALF_HOUR = 1800
METHODS = ["card", "bacs_debit"]
"""What the page offers when the site names no methods."""
_ECHOED = (
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer",
    "customer_email",
    "locale",
    "submit_type",
    "success_url",
)
_KNOWN = {
    *_ECHOED,
    "allow_promotion_codes",
    "automatic_tax",
    "customer_creation",
    "customer_update",
    "discounts",
    "expires_at",
    "invoice_creation",
    "line_items",
    "metadata",
    "mode",
    "payment_intent_data",
    "payment_method_collection",
    "payment_method_types",
    "subscription_data",
    "ui_mode",
    "consent_collection",
    "tax_id_collection",
    "phone_number_collection",
    "custom_text",
}


def create(backend: Backend, params: Obj) -> Obj:
    _check(backend, params)
    rows = lines.lines_of(backend, params.get("line_items", []), params["mode"])
    session = _session(backend, params, rows)
    session |= {
        "url": f"{backend.base_url}/c/pay/{session['id']}",
        "_lines": rows,
        "_intent_data": params.get("payment_intent_data") or {},
        "_subscription_data": params.get("subscription_data") or {},
    }
    for asked in params.get("discounts") or []:
        promotions.apply(backend, session, **asked)
    return session


def expire(backend: Backend, session: Obj) -> Obj:
    if session["status"] != "open":
        rule = 'Only Checkout Sessions with a status in ["open"] can be expired.'
        message = f"{rule} This Checkout Session has a status of {session['status']}."
        raise StripeError.invalid(message)
    session |= {"status": "expired", "url": None}
    backend.emit("checkout.session.expired", session)
    return session


def expire_overdue(backend: Backend) -> None:
    """Close the open sessions whose time is over, as Stripe does by itself."""
    for session in backend.store.find("checkout.session", {"status": "open"}):
        if session["expires_at"] <= backend.now():
            expire(backend, session)


def _check(backend: Backend, params: Obj) -> None:
    """What Stripe itself refuses, and what only the stand-in cannot do."""
    if unknown := sorted(params.keys() - _KNOWN):
        raise StripeError.invalid(f"The stand-in cannot do `{unknown[0]}` yet.", unknown[0])
    if params.get("mode") not in ("payment", "subscription"):
        raise StripeError.invalid(
            "You must pass `mode`: the stand-in does `payment` and `subscription`.", "mode", "parameter_missing"
        )
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise StripeError.invalid("The stand-in has hosted pages only.", "ui_mode")
    if not params.get("success_url"):
        raise StripeError.invalid("Missing required param: success_url.", "success_url", "parameter_missing")
    if params.get("customer"):
        backend.need("customer", params["customer"], "customer")
    _check_pairs(params)
    _check_expiry(backend, params)


def _check_pairs(params: Obj) -> None:
    for pair in (
        ("allow_promotion_codes", "discounts"),
        ("customer", "customer_email"),
        ("customer", "customer_creation"),
    ):
        if all(params.get(name) for name in pair):
            raise StripeError.invalid(f"You may only specify one of these parameters: {', '.join(pair)}.", pair[0])
    for mode, name in (
        ("payment", "subscription_data"),
        ("subscription", "payment_intent_data"),
        ("subscription", "invoice_creation"),
    ):
        if params["mode"] == mode and name in params:
            raise StripeError.invalid(f"You can not pass `{name}` in `{mode}` mode.", name)


def _check_expiry(backend: Backend, params: Obj) -> None:
    seconds = params.get("expires_at", backend.now() + _DAY) - backend.now()
    if not _HALF_HOUR - 60 <= seconds <= _DAY + 60:
        raise StripeError.invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
            "expires_at",
        )


def _session(backend: Backend, params: Obj, rows: list[Obj]) -> Obj:
    amount, subscription = lines.total(rows, "amount_subtotal"), params["mode"] == "subscription"
    return backend.add(
        stripe.checkout.Session,
        "cs_test",
        **{name: params.get(name) for name in _ECHOED},
        mode=params["mode"],
        status="open",
        payment_status="unpaid",
        amount_subtotal=amount,
        amount_total=amount,
        currency=rows[0]["currency"],
        expires_at=params.get("expires_at", backend.now() + _DAY),
        metadata=params.get("metadata") or {},
        discounts=[],
        allow_promotion_codes=params.get("allow_promotion_codes"),
        adaptive_pricing={"enabled": False},
        custom_fields=[],
        automatic_tax={
            "enabled": False,
            "liability": None,
            "provider": None,
            "status": None,
            **(params.get("automatic_tax") or {}),
        },
        consent_collection=_all_of(_CONSENTS, params.get("consent_collection")),
        custom_text=_all_of(_TEXTS, params.get("custom_text")),
        customer_creation=_customer_creation(params),
        payment_method_types=params.get("payment_method_types", METHODS),
        payment_method_collection=params.get("payment_method_collection", "always") if subscription else "if_required",
        payment_method_options={},
        phone_number_collection=params.get("phone_number_collection", {"enabled": False}),
        shipping_options=[],
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        ui_mode="hosted_page",
        invoice_creation=None if subscription else _invoice_creation(params.get("invoice_creation") or {}),
    )


def _customer_creation(params: Obj) -> str | None:
    if params["mode"] == "subscription" or params.get("customer"):
        return None
    creation: str = params.get("customer_creation", "if_required")
    return creation


def _invoice_creation(asked: Obj) -> Obj:
    data = asked.get("invoice_data") or {}
    return {
        "enabled": asked.get("enabled", False),
        "invoice_data": {**dict.fromkeys(_INVOICE_DATA), "metadata": {}, **data},
    }


def _all_of(names: tuple[str, ...], given: Any) -> Obj | None:
    return {**dict.fromkeys(names), **given} if given else None if names is _CONSENTS else dict.fromkeys(names)


def _expire(backend: Backend, params: Obj, id_: str) -> Obj:
    return expire(backend, backend.need("checkout.session", id_))


def _line_items(backend: Backend, params: Obj, id_: str) -> Obj:
    return line_items(backend, backend.need("checkout.session", id_))


_CONSENTS = ("payment_method_reuse_agreement", "promotions", "terms_of_service")
_TEXTS = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
_INVOICE_DATA = ("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options")
ROUTES = [
    Route("POST", "/v1/checkout/sessions", p.SessionCreateParams, create),
    Route("POST", "/v1/checkout/sessions/{id}", p.SessionModifyParams, update_of("checkout.session", {"metadata"})),
    Route("POST", "/v1/checkout/sessions/{id}/expire", p.SessionExpireParams, _expire),
    Route("GET", "/v1/checkout/sessions/{id}/line_items", p.SessionListLineItemsParams, _line_items),
    *readable("checkout.session", "/v1/checkout/sessions", p.SessionRetrieveParams, p.SessionListParams),
]
