"""Products: what is sold."""

import stripe
import stripe.params as p

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.listing import page
from billing.stripe_standin.api.routes import Route, delete_of, readable, updatable
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import new_id
from billing.stripe_standin.state.store import Obj

_PLAIN = {"active", "description", "metadata", "name", "statement_descriptor", "tax_code", "unit_label", "url"}
_AT_FIRST = {"id", "images", "marketing_features"}


def create(backend: Backend, params: Obj) -> Obj:
    id_ = params.get("id") or new_id("prod")
    if backend.store.get(id_):
        raise StripeError.invalid(f"Product already exists: {id_}", "id", "resource_already_exists")
    product = backend.add(
        stripe.Product,
        "prod",
        id=id_,
        name=params["name"],
        active=params.get("active", True),
        updated=backend.now(),
        description=params.get("description"),
        images=params.get("images", []),
        marketing_features=params.get("marketing_features", []),
        metadata=params.get("metadata") or {},
        statement_descriptor=params.get("statement_descriptor"),
        tax_code=params.get("tax_code"),
        unit_label=params.get("unit_label"),
        url=params.get("url"),
    )
    backend.emit("product.created", product)
    return product


def _delete(backend: Backend, params: Obj, id_: str) -> Obj:
    if backend.store.find("price", {"product": id_}, limit=1):
        message = "This product cannot be deleted because it has one or more user-created prices."
        raise StripeError.invalid(message, "id")
    return delete_of("product", "product.deleted")(backend, params, id_)


def _features(backend: Backend, params: Obj, id_: str) -> Obj:
    backend.need("product", id_)
    return page(f"/v1/products/{id_}/features", [])


ROUTES = [
    Route("POST", "/v1/products", p.ProductCreateParams, create, frozenset({*_PLAIN, *_AT_FIRST})),
    updatable("product", "/v1/products", p.ProductModifyParams, _PLAIN, "product.updated"),
    Route("DELETE", "/v1/products/{id}", p.ProductDeleteParams, _delete),
    Route("GET", "/v1/products/{id}/features", p.ProductListFeaturesParams, _features),
    *readable("product", "/v1/products", p.ProductRetrieveParams, p.ProductListParams, {"ids": "id"}),
]
