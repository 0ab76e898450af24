"""Errors that Django answers itself: a page for people, a problem for programs."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from fmugateway.problems import problem_response, wants_problem
from simulations.log_context import request_id


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
        detail = "There is nothing at this address, or it is not yours."
        return problem_response(status=404, code="not_found", detail=detail)
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Touches neither database nor session: they may be what broke."""
    if wants_problem(request):
        detail = "Something broke on our side. Try again; if it stays, write to support with the request_id."
        return problem_response(status=500, code="error", detail=detail)
    page = render_to_string("500.html", {"request_id": request_id()})
    return HttpResponse(page, status=HTTPStatus.INTERNAL_SERVER_ERROR)
