"""Customers: who pays."""

import stripe
import stripe.params as p

from billing.stripe_standin.api.listing import list_of
from billing.stripe_standin.api.routes import Route, updatable
from billing.stripe_standin.resources import subscriptions
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import random_text
from billing.stripe_standin.state.objects import tombstone
from billing.stripe_standin.state.store import Obj

_TEXTS = ("address", "description", "email", "name", "phone", "shipping")
_FIELDS = {*_TEXTS, "metadata"}


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


def _retrieve(backend: Backend, params: Obj, id_: str) -> Obj:
    """A deleted customer leaves a trace that can still be read."""
    return backend.store.get(id_, "deleted_customer") or backend.need("customer", id_)


def _delete(backend: Backend, params: Obj, id_: str) -> Obj:
    """The subscriptions end with their customer."""
    customer = backend.need("customer", id_)
    for subscription in backend.store.find("subscription", {"customer": id_, "status": subscriptions.RUNNING}):
        subscriptions.cancel(backend, subscription)
    backend.store.remove(id_)
    backend.emit("customer.deleted", customer)
    return backend.store.add(tombstone(customer))


ROUTES = [
    Route("POST", "/v1/customers", p.CustomerCreateParams, create, frozenset(_FIELDS)),
    updatable("customer", "/v1/customers", p.CustomerModifyParams, _FIELDS, "customer.updated"),
    Route("DELETE", "/v1/customers/{id}", p.CustomerDeleteParams, _delete),
    Route("GET", "/v1/customers", p.CustomerListParams, list_of("customer", "/v1/customers"), None),
    Route("GET", "/v1/customers/{id}", p.CustomerRetrieveParams, _retrieve),
]
