"""Answer one API request: who asks, seen before, parameters, handler, expansion."""

import base64
import copy
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from billing.stripe_standin import API_VERSION
from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.expand import expand
from billing.stripe_standin.api.idempotency import Remembered, fingerprint, recall, remember
from billing.stripe_standin.api.params import parse
from billing.stripe_standin.api.routes import Route
from billing.stripe_standin.api.support import refuse_unsupported
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import new_id
from billing.stripe_standin.state.objects import visible

logger = logging.getLogger(__name__)
_TEST_KEY = re.compile(r"(sk|rk)_test_\w{8,}")


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    data: dict[str, Any]
    headers: Mapping[str, str]
    """Names in lower case."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


def answer(backend: Backend, routes: Sequence[Route], request: Request) -> Answer:
    """The answer Stripe would give; what the handler changed is kept only when it succeeds."""
    request_id = new_id("req")
    key = request.headers.get("idempotency-key") if request.method == "POST" else None
    try:
        _authenticate(request.headers)
        _check_version(request.headers)
        with backend.turn({"id": request_id, "idempotency_key": key}):
            return _once(backend, routes, request, key, request_id)
    except StripeError as error:
        if key and error.keep:
            _remember(backend, request, key, Remembered(request_id, error.status, error.body()))
        return Answer(error.status, error.body(), {"Request-Id": request_id})
    except Exception:
        logger.exception("%s %s failed", request.method, request.path)
        failure = StripeError(500, "The stand-in failed; its log says why.", type_="api_error")
        return Answer(500, failure.body(), {"Request-Id": request_id})


def _once(backend: Backend, routes: Sequence[Route], request: Request, key: str | None, request_id: str) -> Answer:
    """Run the request, or give the remembered answer of its idempotency key."""
    if key and (seen := recall(backend.store, key, fingerprint(request.path, request.data))):
        headers = {"Request-Id": request_id, "Idempotent-Replayed": "true", "Original-Request": seen.request_id}
        return Answer(seen.status, seen.body, headers)
    body = _run(backend, routes, request)
    if key:
        _remember(backend, request, key, Remembered(request_id, 200, body))
    return Answer(200, body, {"Request-Id": request_id})


def _remember(backend: Backend, request: Request, key: str, first: Remembered) -> None:
    with backend.store.transaction():
        remember(backend.store, key, fingerprint(request.path, request.data), first)


def _run(backend: Backend, routes: Sequence[Route], request: Request) -> dict[str, Any]:
    route, ids = _route(routes, request)
    params = parse(route.params, request.data)
    wanted = params.pop("expand", [])
    if route.takes is not None:
        refuse_unsupported(params, route.takes)
    result = copy.deepcopy(route.handler(backend, params, *ids))
    for path in wanted:
        expand(backend, result, path)
    shown: dict[str, Any] = visible(result)
    return shown


def _route(routes: Sequence[Route], request: Request) -> tuple[Route, tuple[str, ...]]:
    for route in routes:
        if (ids := route.match(request.method, request.path)) is not None:
            return route, ids
    message = f"Unrecognized request URL ({request.method}: {request.path})."
    raise StripeError(404, f"{message} The stand-in knows only what the site uses of Stripe.", keep=False)


def _authenticate(headers: Mapping[str, str]) -> None:
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    key = base64.b64decode(credentials).decode().partition(":")[0] if scheme == "Basic" else credentials
    if not key:
        raise StripeError(
            401, "You did not provide an API key. Send it as 'Authorization: Bearer sk_test_...'.", keep=False
        )
    if not _TEST_KEY.fullmatch(key):
        raise StripeError(
            401, "Invalid API Key provided. The stand-in takes only keys that begin with sk_test_.", keep=False
        )


def _check_version(headers: Mapping[str, str]) -> None:
    """Stripe renders every version; the stand-in knows one and says so rather than answer in the wrong shape."""
    version = headers.get("stripe-version", API_VERSION)
    if version != API_VERSION:
        message = (
            f"The stand-in speaks version {API_VERSION}, not {version}. Set stripe.api_version, or pass stripe_version."
        )
        raise StripeError(400, message, keep=False)
