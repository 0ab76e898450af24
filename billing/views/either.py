"""One address for browsers and for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from rest_framework.views import APIView

type View = Callable[..., HttpResponseBase]


def page_or_api(page: View, api: type[APIView]) -> View:
    """Pages keep Django's CSRF check; the API has its own, for sessions only."""
    protected, program = csrf_protect(page), api.as_view()

    @csrf_exempt
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return (program if is_program(request) else protected)(request, **kwargs)

    # The OpenAPI document finds the API of an address by these attributes.
    view.cls, view.initkwargs = api, {}  # type: ignore[attr-defined]
    return view


def is_program(request: HttpRequest) -> bool:
    """Sends JSON, an Authorization header, or no wish for HTML."""
    if request.content_type == "application/json" or "Authorization" in request.headers:
        return True
    return "text/html" not in request.headers.get("Accept", "")
