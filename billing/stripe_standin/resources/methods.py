"""Payment methods: the card or bank account that pays."""

import stripe
import stripe.params as p

from billing.stripe_standin.api.routes import Route, readable
from billing.stripe_standin.resources.cards import CARDS, Behaviour, Card
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import random_text
from billing.stripe_standin.state.store import Obj

ADDRESS: Obj = {"city": None, "country": "GB", "line1": None, "line2": None, "postal_code": None, "state": None}


def card_method(backend: Backend, card: Card, *, email: str, name: str) -> Obj:
    details = {
        "brand": card.brand,
        "checks": _CHECKS,
        "country": "GB",
        "display_brand": card.brand,
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": random_text(16),
        "funding": "credit",
        "generated_from": None,
        "last4": card.number[-4:],
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
    method = _method(backend, "card", details, email, name)
    method["_card"] = card.number
    return method


def bank_method(backend: Backend, *, email: str, name: str) -> Obj:
    """A Bacs debit: it settles days after the buyer agreed."""
    details = {"fingerprint": random_text(16), "last4": "2345", "sort_code": "108800"}
    return _method(backend, "bacs_debit", details, email, name)


def behaviour_of(method: Obj) -> Behaviour:
    card = CARDS.get(method.get("_card", ""))
    return card.behaviour if card else Behaviour.PAYS


def attach(backend: Backend, method: Obj, customer: Obj) -> None:
    """Keep it on the customer for later months."""
    method["customer"] = customer["id"]
    customer["invoice_settings"]["default_payment_method"] = method["id"]
    backend.emit("payment_method.attached", method)


def _method(backend: Backend, type_: str, details: Obj, email: str, name: str) -> Obj:
    billing = {"address": ADDRESS, "email": email, "name": name, "phone": None, "tax_id": None}
    return backend.add(
        stripe.PaymentMethod,
        "pm",
        type=type_,
        billing_details=billing,
        allow_redisplay="limited",
        metadata={},
        **{type_: details},
    )


_CHECKS = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}
ROUTES: list[Route] = readable(
    "payment_method", "/v1/payment_methods", p.PaymentMethodRetrieveParams, p.PaymentMethodListParams
)
