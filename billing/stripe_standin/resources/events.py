"""Events: everything that happened, to list and read again."""

import stripe.params as p

from billing.stripe_standin.api.listing import list_of
from billing.stripe_standin.api.routes import Route, retrieve_of
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.store import Obj


def _list(backend: Backend, params: Obj) -> Obj:
    types = params.get("types") or params.get("type")
    rest = {name: value for name, value in params.items() if name not in ("type", "types")}
    return list_of("event", "/v1/events")(backend, {**rest, "type": types} if types else rest)


ROUTES = [
    Route("GET", "/v1/events", p.EventListParams, _list, None),
    Route("GET", "/v1/events/{id}", p.EventRetrieveParams, retrieve_of("event")),
]
