"""One handler turns every error of the API into problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from fmugateway.plain_words import plain_field_words, plain_words
from simulations.log_context import request_id

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER. None for what is not an API error: Django then answers 500 through `server_error`."""
    api_error = _as_api_error(error)
    if api_error is None:
        return None
    body = problem(
        status=api_error.status_code,
        code=_code(api_error),
        detail=plain_words(api_error, context) or _detail(api_error),
        errors=_field_errors(api_error),
        extra=getattr(api_error, "extra", None),
    )
    return Response(body, status=api_error.status_code, headers=_headers(api_error), content_type=CONTENT_TYPE)


def problem(
    *,
    status: int,
    code: str,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The body of a problem: type, title, status, code, detail, request_id, and what belongs to this one."""
    body: dict[str, Any] = {
        "type": f"{settings.SITE_URL}/problems/{code.replace('_', '-')}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id(),
    }
    if errors:
        body["errors"] = errors
    return body | dict(extra or {})


def problem_response(*, status: int, code: str, detail: str) -> JsonResponse:
    """A problem from outside DRF: middleware and Django's own error views."""
    return JsonResponse(problem(status=status, code=code, detail=detail), status=status, content_type=CONTENT_TYPE)


def wants_problem(request: HttpRequest) -> bool:
    """Whether the asker is a program: an API address, or no wish for HTML."""
    api = request.path.startswith("/api/") or request.path.rstrip("/") in {"/api", "/simulate", "/pay"}
    return api or "text/html" not in request.headers.get("Accept", "")


def _as_api_error(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound("There is nothing at this address, or it is not yours.")
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    return None


def _code(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "invalid_request"
    codes = error.get_codes()
    return codes if isinstance(codes, str) else error.default_code


def _detail(error: exceptions.APIException) -> str:
    fields = _field_errors(error)
    if fields:
        return " ".join(dict.fromkeys(field["message"] for field in fields))
    return str(error.detail)


def _field_errors(error: exceptions.APIException) -> list[dict[str, str]]:
    """errors of our own exceptions as they are; DRF's nested details flattened to `outputs[1]`, `inputs.u`."""
    own = getattr(error, "errors", None)
    if own is not None:
        return list(own)
    if not isinstance(error, exceptions.ValidationError):
        return []
    return list(_flatten("", error.detail))


def _flatten(path: str, detail: Any) -> Iterator[dict[str, str]]:
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            step = f"[{name}]" if isinstance(key, int) else f".{name}" if path and name else name
            yield from _flatten(path + step, inner)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flatten(path, inner)
    else:
        message = plain_field_words(path, str(detail))
        yield {"field": path, "code": getattr(detail, "code", "invalid"), "message": message}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = dict(getattr(error, "headers", {}))
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(max(1, round(wait)))
    return headers
