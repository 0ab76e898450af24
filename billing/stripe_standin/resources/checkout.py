"""Checkout Sessions: made by the site, opened by the buyer, complete or expired in the end."""

import stripe
import stripe.params.checkout as p

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.expand import line_items
from billing.stripe_standin.api.routes import Route, readable, updatable
from billing.stripe_standin.resources import lines, promotions
from billing.stripe_standin.resources.checkout_checks import DAY, ECHOED, TAKES, check
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.store import Obj

METHODS = ["card", "bacs_debit"]
"""What the page offers when the site names no methods."""


def create(backend: Backend, params: Obj) -> Obj:
    check(backend, params)
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


def _session(backend: Backend, params: Obj, rows: list[Obj]) -> Obj:
    amount, subscription = lines.total(rows, "amount_subtotal"), params["mode"] == "subscription"
    return backend.add(
        stripe.checkout.Session,
        "cs_test",
        **{name: params.get(name) for name in ECHOED},
        mode=params["mode"],
        status="open",
        payment_status="unpaid",
        amount_subtotal=amount,
        amount_total=amount,
        currency=rows[0]["currency"],
        expires_at=params.get("expires_at", backend.now() + DAY),
        metadata=params.get("metadata") or {},
        discounts=[],
        allow_promotion_codes=params.get("allow_promotion_codes"),
        adaptive_pricing={"enabled": False},
        custom_fields=[],
        automatic_tax={"enabled": False, **dict.fromkeys(("liability", "provider", "status"))},
        custom_text=dict.fromkeys(_TEXTS),
        customer_creation=_customer_creation(params),
        payment_method_types=params.get("payment_method_types", METHODS),
        payment_method_collection=params.get("payment_method_collection", "always") if subscription else "if_required",
        payment_method_options={},
        phone_number_collection={"enabled": False},
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


def _expire(backend: Backend, params: Obj, id_: str) -> Obj:
    return expire(backend, backend.need("checkout.session", id_))


def _line_items(backend: Backend, params: Obj, id_: str) -> Obj:
    return line_items(backend, backend.need("checkout.session", id_))


_TEXTS = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
_INVOICE_DATA = ("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options")
ROUTES = [
    Route("POST", "/v1/checkout/sessions", p.SessionCreateParams, create, TAKES),
    updatable("checkout.session", "/v1/checkout/sessions", p.SessionModifyParams, {"metadata"}),
    Route("POST", "/v1/checkout/sessions/{id}/expire", p.SessionExpireParams, _expire),
    Route("GET", "/v1/checkout/sessions/{id}/line_items", p.SessionListLineItemsParams, _line_items),
    *readable("checkout.session", "/v1/checkout/sessions", p.SessionRetrieveParams, p.SessionListParams),
]
