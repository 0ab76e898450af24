"""The OpenAPI document tells the truth: what the API really answers fits it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from jsonschema import Draft202012Validator
from pytest_django import Settings
from rest_framework.test import APIClient

from fmugateway.openapi import document
from simulations.models import FmuHolding
from simulations.tests import fmus
from simulations.tests.test_simulate import ENDLESS
from simulations.tests.worker import WorkerProcess

pytestmark = pytest.mark.usefixtures("free")


def schema_of(path: str, method: str, response: Any) -> Any:
    """What the document says about this answer. KeyError when it does not know the status or the media type."""
    media_type = response.headers["Content-Type"].split(";")[0]
    answer = document()["paths"][path][method]["responses"][str(response.status_code)]
    return answer["content"][media_type]["schema"]


def strict(schema: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: `nullable`; and no member that is not described."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: strict(value) for name, value in schema.items() if name != "nullable"}
    if plain.get("type") == "object" and "properties" in plain:
        plain.setdefault("additionalProperties", False)
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") else plain


def check(path: str, method: str, response: Any) -> Any:
    """The answer's body, once it fits the document."""
    body = response.json()
    schema = strict(schema_of(path, method, response)) | {"components": strict(document()["components"])}
    errors = [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(schema).iter_errors(body)]
    assert not errors, json.dumps(body)[:1000]
    return body


def test_the_document_is_clean() -> None:
    call_command("spectacular", fail_on_warn=True, validate=True, file="/dev/null")


def test_the_document_is_served_and_revalidated(client: Any) -> None:
    response = client.get("/openapi.json")
    assert response.json()["info"]["title"] == "FMU Gateway"
    assert client.get("/openapi.json", headers={"if-none-match": response.headers["ETag"]}).status_code == 304


def test_a_run_answers_as_documented(api: APIClient, ball: FmuHolding) -> None:
    finished = check("/simulate", "post", api.post("/simulate", {"fmu_id": "sample:BouncingBall"}))
    check("/api/v1/simulations/{simulation_id}", "get", api.get(finished["url"]))
    check("/api/v1/simulations", "get", api.get("/api/v1/simulations"))
    answer: Any = api.get(finished["result"]["urls"]["json"])
    answer.json = lambda: json.loads(b"".join(answer.streaming_content))
    check("/api/v1/simulations/{simulation_id}/result.{kind}", "get", answer)


def test_going_cancelled_and_failed_runs_answer_as_documented(api: APIClient, van_der_pol: FmuHolding) -> None:
    going = check("/simulate", "post", api.post("/simulate", ENDLESS, headers={"prefer": "wait=0"}))
    check("/api/v1/simulations/{simulation_id}/cancel", "post", api.post(f"{going['url']}/cancel"))
    check("/api/v1/simulations/{simulation_id}/cancel", "post", api.post(f"{going['url']}/cancel"))
    check("/api/v1/simulations/{simulation_id}", "get", api.get(going["url"]))


def test_fmus_answer_as_documented(api: APIClient, worker: WorkerProcess) -> None:
    form = {"fmu": fmus.upload(fmus.variant("QuarterCar"))}
    fmu = check("/api/v1/fmus", "post", api.post("/api/v1/fmus", form, format="multipart"))
    check("/api/v1/fmus/{fmu_id}", "get", api.get(fmu["url"]))
    check("/api/v1/fmus/{fmu_id}/variables", "get", api.get(fmu["variables"]["url"]))
    check("/api/v1/fmus", "get", api.get("/api/v1/fmus"))


@pytest.mark.parametrize("name", ["BatteryCell", "DCMotor", "RoomHeating", "VanDerPol"])
def test_every_sample_answers_as_documented(anonymous: APIClient, worker: WorkerProcess, name: str) -> None:
    fmus.load_sample(name)
    check("/api/v1/fmus/{fmu_id}", "get", anonymous.get(f"/api/v1/fmus/sample:{name}"))
    check("/api/v1/fmus/{fmu_id}/variables", "get", anonymous.get(f"/api/v1/fmus/sample:{name}/variables"))
    run = check("/simulate", "post", anonymous.post("/simulate", {"fmu_id": f"sample:{name}"}))
    assert run["status"] == "succeeded"


@pytest.mark.parametrize(
    ("body", "status"),
    [({"fmu_id": 1}, 400), ({"fmu_id": "sample:Nope"}, 404), ({"fmu_id": "sample:BouncingBall", "stop_time": -1}, 422)],
)
def test_problems_answer_as_documented(anonymous: APIClient, ball: FmuHolding, body: Any, status: int) -> None:
    response = anonymous.post("/simulate", body)
    assert response.status_code == status
    problem = check("/simulate", "post", response)
    assert problem["request_id"].startswith("req_")


def test_the_document_says_where_the_site_is() -> None:
    assert document()["servers"] == [{"url": django_settings.SITE_URL}]


def test_the_document_knows_who_needs_no_credential() -> None:
    paths = document()["paths"]
    assert {} in paths["/pay"]["post"]["security"]
    assert {} in paths["/simulate"]["post"]["security"]
    assert {} not in paths["/buy-credits"]["post"]["security"]


@pytest.mark.parametrize("path", document()["paths"])
def test_an_accept_header_that_leaves_out_everything_answers_as_documented(anonymous: APIClient, path: str) -> None:
    address = path.format(fmu_id="sample:BouncingBall", simulation_id="sim_1", kind="csv", payment_id="pay_1")
    for method in document()["paths"][path]:
        response = anonymous.generic(method.upper(), address, headers={"accept": "image/png"})
        assert response.status_code == 406
        check(path, method, response)


def test_money_answers_as_documented(anonymous: APIClient, settings: Settings) -> None:
    settings.STRIPE_ENABLED = True
    unknown = {"Authorization": "Bearer fmu_unknown"}
    check("/pay", "post", anonymous.generic("POST", "/pay", "<a/>", content_type="text/xml"))
    check("/pay", "post", anonymous.generic("POST", "/pay", headers={"transfer-encoding": "chunked"}))
    check("/buy-credits", "post", anonymous.generic("POST", "/buy-credits", "x" * (9 << 20)))
    check("/buy-credits", "get", anonymous.get("/buy-credits"))
    check("/api/v1/payments/{payment_id}", "get", anonymous.get("/api/v1/payments/pay_1", headers=unknown))
    check("/api/v1/payments/{payment_id}", "get", anonymous.get("/api/v1/payments/pay_1"))


def test_the_reference_page_shows_every_operation(client: Any, db: None) -> None:
    page = client.get("/docs/api").content.decode()
    operations = [spec for methods in document()["paths"].values() for spec in methods.values()]
    assert [spec["operationId"] for spec in operations if f'id="{spec["operationId"]}"' not in page] == []


def test_documented_examples_are_valid_requests(anonymous: APIClient, ball: FmuHolding) -> None:
    examples = document()["paths"]["/simulate"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    for example in examples.values():
        assert anonymous.post("/simulate", example["value"]).json()["status"] == "succeeded"
