"""When everything is broken, the page that says so still stands."""

from __future__ import annotations

import json

from django.test import RequestFactory

from fmugateway.error_views import server_error
from fmugateway.tests.markup import read
from simulations.log_context import about


def test_error_page_needs_no_database() -> None:
    """No database mark: a query would fail this test."""
    request = RequestFactory().get("/", headers={"Accept": "text/html"})
    with about(request_id="req_1234"):
        response = server_error(request)
    page = response.content.decode()
    assert response.status_code == 500
    assert "Something broke on our side" in page
    assert "req_1234" in page
    assert read(page).forbidden == []


def test_programs_get_a_problem() -> None:
    response = server_error(RequestFactory().get("/api/v1/fmus", headers={"Accept": "*/*"}))
    body = json.loads(response.content)
    assert (body["status"], body["code"]) == (500, "error")
