"""Billing portal sessions: a page where a customer sees invoices and ends the subscription."""

import stripe
import stripe.params.billing_portal as p

from billing.stripe_standin.api.routes import Route
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import new_id
from billing.stripe_standin.state.store import Obj


def create(backend: Backend, params: Obj) -> Obj:
    backend.need("customer", params.get("customer"), "customer")
    id_ = new_id("bps")
    return backend.add(
        stripe.billing_portal.Session,
        "bps",
        id=id_,
        configuration="bpc_standin",
        customer=params["customer"],
        locale=params.get("locale"),
        return_url=params.get("return_url"),
        url=f"{backend.base_url}/p/session/{id_}",
    )


_TAKES = frozenset({"customer", "locale", "return_url"})
ROUTES = [Route("POST", "/v1/billing_portal/sessions", p.SessionCreateParams, create, _TAKES)]
