"""What a program reads after a wrong turn: the thing and the next step, also where the framework refuses."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

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


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/simulate", "null", "The body must be a JSON object."),
        ("/pay", "[1]", "The body must be a JSON object."),
        ("/simulate", '{"fmu_id": "a\\u0000"}', "'fmu_id' has a null character in it; leave it out."),
        ("/simulate", '{"fmu_id": ""}', "'fmu_id' is empty; fill it in or leave it out."),
        ("/simulate", f'{{"fmu_id": "{"x" * 101}"}}', "'fmu_id' must have no more than 100 characters."),
        ("/pay", '{"simulation": null}', "'simulation' is null; fill it in or leave it out."),
        ("/pay", '{"simulation": [1]}', "'simulation' must be a text."),
        ("/pay", '{"simulation": "sim_1", "simulation": "sim_2"}', "'simulation' twice in one object"),
        ("/simulate", '{"stop_time": [null, true]}', "'stop_time' must be a number, not [null, true]."),
        ("/simulate", f'{{"stop_time": {"9" * 5000}}}', "a number of more than 4300 digits; write it as 1e300."),
    ],
)
def test_a_field_that_a_serializer_refuses_is_named(path: str, body: str, words: str) -> None:
    assert words in said(path, "POST", body)


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("path", ["/simulate/", "/api/v1/fmus/"])
def test_a_slash_too_many_is_named_to_whoever_asks(path: str, debug: bool, settings: Settings) -> None:
    settings.DEBUG = debug
    assert f"use {path.rstrip('/')}, without the slash" in said(path, "POST", "{}", accept="text/html")


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v2"])
def test_an_address_for_programs_that_is_none_is_a_problem(path: str) -> None:
    words = f"Not Found: There is nothing at {path}, or it is not yours. /openapi.json has all addresses."
    assert said(path, accept="text/html") == words


@pytest.mark.parametrize("path", ["/simulate", "/pay"])
def test_a_form_without_a_boundary_is_told_who_writes_one(path: str) -> None:
    answer = Client().post(path, b"fmu", content_type="multipart/form-data")
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert "Leave the header to your client" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/simulate", "/pay"])
def test_a_byte_order_mark_is_no_mistake(path: str) -> None:
    answer = Client().post(path, b'\xef\xbb\xbf{"moon": 1}', content_type="application/json")
    assert "'moon' is not a field" in answer.json()["detail"]


def test_a_form_of_too_many_files_is_a_problem() -> None:
    answer = Client().post("/pay", {f"file{n}": SimpleUploadedFile("a", b"x") for n in range(101)})
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert "number of files exceeded" in answer.json()["detail"]
