"""What every answer has: an id, also in problems and in the log, and what browsers may not do with it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.utils.module_loading import import_string

from fmugateway.error_views import nothing_here
from fmugateway.problems import wants_problem
from simulations.log_context import about

PROBES = {
    "/healthz": "fmugateway.health.healthz",
    "/readyz": "fmugateway.health.readyz",
    "/metrics": "fmugateway.prometheus.metrics",
}
# Nothing here needs them, so nothing that creeps in gets them. Passkeys stay allowed.
PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=()"
REQUEST_ID = "fmugateway.request_id"


class ProbeMiddleware:
    """Answers probes before anything looks at the Host header or wants HTTPS: they come to a machine's address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path) if request.method in {"GET", "HEAD"} else None
        return import_string(probe)(request) if probe else self.get_response(request)


class BrowserHeadersMiddleware:
    """On probes and static files too, which Django's own middleware never sees: no guessed types, no sensors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Permissions-Policy"] = PERMISSIONS
        return response


class RequestIdMiddleware:
    """Makes `req_...`, sets the X-Request-Id header of the answer. An id from outside is not trusted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = f"req_{secrets.token_hex(10)}"
        # Django logs what it refused when all middleware is done.
        request.META[REQUEST_ID] = request_id
        with about(request_id=request_id):
            response = self.get_response(request)
        response.headers["X-Request-Id"] = request_id
        return response


class AddressesMiddleware(CommonMiddleware):
    """Redirects to the address with a slash only what has no body, which a redirect would lose.

    With DEBUG on Django raises at such a body, and shows developers a page where programs get a problem in production.
    """

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        return request.method in {"GET", "HEAD"} and super().should_redirect_with_slash(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        answer = super().process_response(request, response)
        return nothing_here(request) if _is_for_developers(answer) and wants_problem(request) else answer


def _is_for_developers(response: HttpResponseBase) -> bool:
    page = response.headers.get("Content-Type", "").startswith("text/html")
    return settings.DEBUG and response.status_code == HTTPStatus.NOT_FOUND and page
