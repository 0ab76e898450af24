"""Replace ids by whole objects where a caller asks with `expand[]`."""

import copy
from collections.abc import Callable
from typing import Any

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.listing import page
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.objects import ABSENT
from billing.stripe_standin.state.store import Obj

_DEPTH = 4


def expand(backend: Backend, node: Any, path: str) -> None:
    """Change `node` in place: `payment_intent.latest_charge`, `data.customer`, `line_items`."""
    _expand(backend, node, path.split(".")[: _DEPTH + 1])


def _expand(backend: Backend, node: Any, path: list[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _expand(backend, item, path)
    elif isinstance(node, dict) and path:
        _expand_field(backend, node, path[0])
        _expand(backend, node.get(path[0]), path[1:])


def _expand_field(backend: Backend, node: Obj, name: str) -> None:
    """Raises StripeError for a field that Stripe could not expand either."""
    kind, value = node.get("object", ""), node.get(name)
    included = _INCLUDED.get((kind, name))
    if included and value is None:
        node[name] = copy.deepcopy(included(backend, node))
    elif isinstance(value, str) and (found := backend.store.get(value)):
        node[name] = copy.deepcopy(found)
    elif name not in node and name not in ABSENT.get(kind, ()):
        raise StripeError.parameter(f"This property cannot be expanded ({name}).", "expand")


def line_items(backend: Backend, session: Obj) -> Obj:
    """The lines of a Checkout Session with their prices."""
    lines = [{**line, "price": backend.store.get(line["price"])} for line in session["_lines"]]
    return page(f"/v1/checkout/sessions/{session['id']}/line_items", lines)


def _related(kind: str, field: str, url: str) -> Callable[[Backend, Obj], Obj]:
    def related(backend: Backend, node: Obj) -> Obj:
        return page(url.format(id=node["id"]), backend.store.find(kind, {field: node["id"]}))

    return related


def _none(url: str) -> Callable[[Backend, Obj], Obj]:
    return lambda backend, node: page(url.format(id=node["id"]), [])


# Fields that Stripe leaves out until they are asked for.
_INCLUDED: dict[tuple[str, str], Callable[[Backend, Obj], Any]] = {
    ("checkout.session", "line_items"): line_items,
    ("customer", "subscriptions"): _related("subscription", "customer", "/v1/customers/{id}/subscriptions"),
    ("customer", "sources"): _none("/v1/customers/{id}/sources"),
    ("customer", "tax_ids"): _none("/v1/customers/{id}/tax_ids"),
    # Hashes such as total_details have no `object`.
    ("", "breakdown"): lambda backend, node: {"discounts": [], "taxes": []},
    ("item", "discounts"): lambda backend, node: [],
    ("charge", "refunds"): _related("refund", "charge", "/v1/charges/{id}/refunds"),
    ("invoice", "payments"): _related("invoice_payment", "invoice", "/v1/invoice_payments"),
}
