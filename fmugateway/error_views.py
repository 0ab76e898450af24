"""Errors that Django answers itself: a page for people, a problem for programs."""

from __future__ import annotations

import re
import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import is_valid_path

from fmugateway.problems import problem_response, wants_problem
from simulations.errors import Busy, StorageFull
from simulations.log_context import request_id
from simulations.services import disk
from simulations.services.files import NotStored

_AWAY = "Our database does not answer at the moment. Send the same request again, with the same Idempotency-Key."
_NOT_STORED = "Our file storage does not answer at the moment. Nothing was started or charged; send it again."
_AWAY_SECONDS = "5"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_problem(request):
        return problem_response(status=400, code="parse_error", detail="The request could not be read.")
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_problem(request):
        detail = "You may not do this. Use the account that owns it."
        return problem_response(status=403, code="permission_denied", detail=detail)
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_problem(request):
        return nothing_here(request)
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that is too old; or a program that sent its request to a page."""
    if wants_problem(request) and "HX-Request" not in request.headers:
        detail = f"{request.path} takes forms of browsers only. Programs POST to /simulate; /llms.txt says what."
        return problem_response(status=403, code="permission_denied", detail=detail)
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


def nothing_here(request: HttpRequest) -> HttpResponse:
    """The problem of an address that is none, with the one that was probably meant."""
    path = request.path
    detail = f"There is nothing at {path[:200]}, or it is not yours. /openapi.json has all addresses."
    if (address := re.sub("/{2,}", "/", path).rstrip("/")) != path and is_valid_path(address):
        ending = ", without the slash at the end" if f"{address}/" == path else ""
        detail = f"There is nothing at {path[:200]}; use {address}{ending}."
    return problem_response(status=404, code="not_found", detail=detail)


def server_error(request: HttpRequest) -> HttpResponse:
    """Touches neither database nor session: they may be what broke."""
    error = sys.exception()
    if disk.was_full(error):
        return _passing(request, StorageFull(), seconds=disk.RETRY_SECONDS)
    if isinstance(error, NotStored):
        return _passing(request, Busy(_NOT_STORED), seconds=_AWAY_SECONDS)
    if _database_is_away(error):
        return _passing(request, Busy(_AWAY), seconds=_AWAY_SECONDS)
    if wants_problem(request):
        detail = "Something broke on our side. Try again; if it stays, write to support with the request_id."
        return problem_response(status=500, code="error", detail=detail)
    return _broken_page(HTTPStatus.INTERNAL_SERVER_ERROR)


def _database_is_away(error: BaseException | None) -> bool:
    """A server that restarts, fails over or has no connection left; SQLite's are about the file or the statement."""
    return connection.vendor != "sqlite" and isinstance(error, OperationalError | InterfaceError)


def _passing(request: HttpRequest, why: Busy, *, seconds: str) -> HttpResponse:
    """It passes. What was begun has been undone: who asks again loses nothing."""
    response: HttpResponse = _broken_page(HTTPStatus.SERVICE_UNAVAILABLE)
    if wants_problem(request):
        response = problem_response(status=why.status_code, code=why.default_code, detail=str(why.detail))
    response.headers["Retry-After"] = seconds
    return response


def _broken_page(status: HTTPStatus) -> HttpResponse:
    return HttpResponse(render_to_string("500.html", {"request_id": request_id()}), status=status)
