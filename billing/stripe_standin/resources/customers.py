"""Customers: who pays."""

import stripe
import stripe.params as p

from billing.stripe_standin.api.routes import Route, delete_of, readable, update_of
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import random_text
from billing.stripe_standin.state.store import Obj

_TEXTS = ("address", "description", "email", "name", "phone", "shipping")


def create(backend: Backend, params: Obj) -> Obj:
    customer = backend.add(
        stripe.Customer,
        "cus",
        **{name: params.get(name) or None for name in _TEXTS},
        metadata=params.get("metadata") or {},
        balance=0,
        delinquent=False,
        invoice_prefix=random_text(8).upper(),
        next_invoice_sequence=1,
        preferred_locales=[],
        tax_exempt="none",
        invoice_settings=dict.fromkeys(("custom_fields", "default_payment_method", "footer", "rendering_options")),
    )
    backend.emit("customer.created", customer)
    return customer


ROUTES = [
    Route("POST", "/v1/customers", p.CustomerCreateParams, create),
    Route(
        "POST",
        "/v1/customers/{id}",
        p.CustomerModifyParams,
        update_of("customer", {*_TEXTS, "metadata"}, "customer.updated"),
    ),
    Route("DELETE", "/v1/customers/{id}", p.CustomerDeleteParams, delete_of("customer", "customer.deleted")),
    *readable("customer", "/v1/customers", p.CustomerRetrieveParams, p.CustomerListParams),
]
