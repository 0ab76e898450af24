"""Webhook endpoints: where events go."""

from urllib.parse import urlsplit

import stripe
import stripe.params as p

from billing.stripe_standin import API_VERSION
from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.routes import Route, change, delete_of, readable
from billing.stripe_standin.guard import is_loopback
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import random_text
from billing.stripe_standin.state.store import Obj

_PLAIN = frozenset({"description", "enabled_events", "metadata", "url"})


def create(backend: Backend, params: Obj) -> Obj:
    """The only answer that shows the signing secret."""
    _check_url(params["url"])
    _check_version(params.get("api_version", API_VERSION))
    endpoint = backend.add(
        stripe.WebhookEndpoint,
        "we",
        url=params["url"],
        enabled_events=params["enabled_events"],
        status="enabled",
        metadata=params.get("metadata") or {},
        api_version=params.get("api_version"),
        description=params.get("description"),
    )
    endpoint["_secret"] = f"whsec_{random_text(32)}"
    return {**endpoint, "secret": endpoint["_secret"]}


def _update(backend: Backend, params: Obj, id_: str) -> Obj:
    endpoint = backend.need("webhook_endpoint", id_)
    if "url" in params:
        _check_url(params["url"])
    change(endpoint, {name: params[name] for name in params if name in _PLAIN})
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] else "enabled"
    return endpoint


def _check_url(url: str) -> None:
    if not is_loopback(urlsplit(url).hostname or ""):
        raise StripeError.invalid(
            f"Invalid URL: the stand-in delivers to loopback only, not to {url}", "url", "url_invalid"
        )


def _check_version(version: str) -> None:
    if version != API_VERSION:
        raise StripeError.invalid(
            f"Invalid API version: the stand-in sends events of {API_VERSION} only.", "api_version"
        )


ROUTES = [
    Route("POST", "/v1/webhook_endpoints", p.WebhookEndpointCreateParams, create, _PLAIN | {"api_version"}),
    Route("POST", "/v1/webhook_endpoints/{id}", p.WebhookEndpointModifyParams, _update, _PLAIN | {"disabled"}),
    Route("DELETE", "/v1/webhook_endpoints/{id}", p.WebhookEndpointDeleteParams, delete_of("webhook_endpoint")),
    *readable(
        "webhook_endpoint", "/v1/webhook_endpoints", p.WebhookEndpointRetrieveParams, p.WebhookEndpointListParams
    ),
]
