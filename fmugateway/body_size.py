"""No body is read that nobody wants."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from fmugateway.problems import problem_response, wants_problem
from simulations.errors import LengthRequired


class BodySizeMiddleware:
    """Refuses a large body before a byte is read, but for the views that judge what they are sent by themselves.

    Also one of unknown length: it would be taken for none, and /pay would sell a run for no simulation.
    Django's limit counts neither the files of a form, which go to the disk, nor what DRF reads; and the CSRF check
    reads the form of whoever asks, at any address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        announced = request.META.get("CONTENT_LENGTH") or ""
        if _judges_bodies(view):
            return None
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return _refused(request, HTTPStatus.LENGTH_REQUIRED, "length_required", LengthRequired.default_detail)
        if announced.isdecimal() and int(announced) > limit:
            detail = f"The body may be at most {limit >> 20} MB here."
            return _refused(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", detail)
        return None


def _refused(request: HttpRequest, status: HTTPStatus, code: str, detail: str) -> HttpResponse:
    if wants_problem(request):
        return problem_response(status=status, code=code, detail=detail)
    return HttpResponse(detail, status=status, content_type="text/plain")


def _judges_bodies(view: Any) -> bool:
    """Of a function, or of the class behind it."""
    return getattr(getattr(view, "cls", view), "judges_bodies", False)
