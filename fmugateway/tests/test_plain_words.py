"""What a program reads after a wrong turn: the thing and the next step, also where the framework refuses."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def said(path: str, method: str = "GET", body: str = "", content_type: str = "application/json", **headers: str) -> str:
    answer = Client().generic(method, path, body, content_type, headers=headers)
    assert answer["Content-Type"] == "application/problem+json"
    return f"{HTTPStatus(answer.status_code).phrase}: {answer.json()['detail']}"


def test_a_wrong_method_names_the_right_one() -> None:
    assert said("/simulate") == "Method Not Allowed: /simulate does not answer to GET; use POST."


def test_a_form_where_json_belongs_names_what_to_send() -> None:
    words = said("/simulate", "POST", "stop_time=3", "application/x-www-form-urlencoded")
    assert "'application/x-www-form-urlencoded'. Send it with Content-Type: application/json or multipart/" in words


def test_an_accept_header_that_nothing_fits_names_what_there_is() -> None:
    assert "answers application/json" in said("/api/v1/fmus", accept="application/xml")


@pytest.mark.parametrize("path", ["/api/v1/credits", "/api/v1/simulations", "/api/v1/fmus"])
def test_nobody_is_told_which_credential(path: str) -> None:
    assert said(path) == "Unauthorized: Send an API token: Authorization: Bearer fmu_..."


def test_a_token_that_is_not_known_says_where_there_are_others() -> None:
    assert "Make a new one in the dashboard" in said("/api/v1/credits", authorization="Bearer fmu_00000000")


def test_a_poll_without_the_secret_is_told_what_it_lacks() -> None:
    assert "Send its claim_secret" in said("/api/v1/payments/pay_1")


def test_an_unknown_product_names_those_that_are_sold(client: Client) -> None:
    assert "'moon' is not sold here; choose single_run." in said("/pay", "POST", '{"product": "moon"}')
