"""Bad input: a clear 4xx that names the fault, nothing half-stored, nothing charged."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings
from rest_framework.test import APIClient

from billing.api.strict import MOST_NAMED
from simulations.models import Fmu, FmuHolding, Simulation
from simulations.tests import fmus
from simulations.tests.worker import WorkerProcess

pytestmark = pytest.mark.usefixtures("free")


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def described(xml: str) -> bytes:
    return zipped(**{"modelDescription.xml": xml.encode()})


def million_variables(description: str) -> str:
    many = "".join(
        f'<ScalarVariable name="x{n}" valueReference="{n + 1000}"><Real/></ScalarVariable>' for n in range(1_000_000)
    )
    return description.replace("</ModelVariables>", f"{many}</ModelVariables>")


XXE = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<fmiModelDescription fmiVersion="2.0" modelName="&e;" guid="x"/>"""

BROKEN = {
    "not a zip": b"This is no FMU.",
    "a text that begins like a zip": b"PK and then nothing of the kind",
    "empty": b"",
    "truncated": fmus.sample_path("BouncingBall").read_bytes()[:2000],
    "without modelDescription.xml": zipped(readme=b"hello"),
    "zip slip": fmus.variant("BouncingBall", extra={"../../../tmp/evil": b"x"}),
    "zip bomb": zipped(**{"modelDescription.xml": b"x", "resources__zeros": bytes(700 << 20)}),
    "XXE": described(XXE),
    "not XML": described("hello"),
    "a million variables": fmus.variant("BouncingBall", description=million_variables),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_fmu_is_refused_and_leaves_nothing(api: APIClient, worker: WorkerProcess, content: bytes) -> None:
    before = stored_files()
    response = api.post("/simulate", {"fmu": fmus.upload(content)}, format="multipart")
    body = response.json()
    assert (response.status_code, response.headers["Content-Type"]) == (422, "application/problem+json")
    assert body["errors"][0]["field"] == "fmu"
    assert body["code"] == body["errors"][0]["code"] not in ("", "fmu_refused")
    assert len(body["detail"]) > 20
    assert (Fmu.objects.count(), FmuHolding.objects.count(), Simulation.objects.count()) == (0, 0, 0)
    assert stored_files() == before


def test_what_was_refused_once_is_looked_into_again(api: APIClient, worker: WorkerProcess) -> None:
    codes = {
        api.post("/api/v1/fmus", {"fmu": fmus.upload(BROKEN["not XML"])}, format="multipart").json()["code"]
        for _ in range(2)
    }
    assert len(codes) == 1


FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown variable": ({"start_values": {"h0": 1}}, "start_values.h0", "did you mean 'h'"),
    "unknown output": ({"outputs": ["hh"]}, "outputs[0]", "hh"),
    "wrong type": ({"start_values": {"h": "high"}}, "start_values.h", "number"),
    "a truth value": ({"start_values": {"h": True}}, "start_values.h", "'h' is a number; true is not."),
    "nothing": ({"start_values": {"h": None}}, "start_values.h", "'h' is a number; null is not."),
    "more rows than a number holds": ({"output_interval": 1e-320}, "output_interval", "Countless rows of"),
    "stop before start": ({"start_time": 2, "stop_time": 1}, "stop_time", "stop_time"),
    "1e300 steps": ({"stop_time": 1e300, "output_interval": 1}, "output_interval", "limit"),
    "interval of nothing": ({"output_interval": 0}, "output_interval", "output_interval"),
    "inputs of another time": (
        {"fmu_id": "sample:BatteryCell", "stop_time": 10, "inputs": {"time": [20, 30], "current": [1, 1]}},
        "inputs.time",
        "they do not meet",
    ),
    "an element of an array": ({"fmu_id": "sample:BatteryCell", "outputs": ["T[0]"]}, "outputs[0]", "as a whole: 'T'"),
    "unknown input": ({"inputs": {"time": [0, 9], "u": [1, 1]}}, "inputs.u", "u"),
}


@pytest.mark.parametrize(("request_part", "field", "words"), FAULTS.values(), ids=list(FAULTS))
def test_what_does_not_fit_the_model_is_named(
    api: APIClient, ball: FmuHolding, request_part: dict[str, Any], field: str, words: str
) -> None:
    fmus.load_sample("BatteryCell")
    response = api.post("/simulate", {"fmu_id": "sample:BouncingBall"} | request_part)
    body = response.json()
    assert (response.status_code, body["code"]) == (422, "invalid_experiment"), body
    assert any(error["field"].startswith(field) and words in error["message"] for error in body["errors"]), body
    assert Simulation.objects.count() == 0


@pytest.mark.parametrize(
    ("csv", "field", "words"),
    [
        ("time [ms],w_ref\n0,1\n1000,2\n", "inputs.time", "is in ms; the model wants s"),
        ("time,w_ref\ns,rpm\n0,1\n1,2\n", "inputs.w_ref", "Convert the column to rad/s, or leave the unit out"),
        ("time,w_reff [rad/s]\n0,1\n", "inputs.w_reff", "did you mean 'w_ref'"),
    ],
)
def test_a_csv_in_other_units_than_the_models_is_refused(
    api: APIClient, worker: WorkerProcess, csv: str, field: str, words: str
) -> None:
    fmus.load_sample("DCMotor")
    form = {"request": '{"fmu_id": "sample:DCMotor"}', "inputs": fmus.upload(csv.encode(), "u.csv")}
    body = api.post("/simulate", form, format="multipart").json()
    assert any(error["field"] == field and words in error["message"] for error in body["errors"]), body


def test_a_csv_in_the_models_units_runs_as_a_text_part_too(api: APIClient, worker: WorkerProcess) -> None:
    fmus.load_sample("DCMotor")
    csv = "time [s],w_ref [rad/s]\n0,1\n1,2\n"
    form = {"request": '{"fmu_id": "sample:DCMotor", "stop_time": 1}', "inputs": csv}
    body = api.post("/simulate", form, format="multipart").json()
    assert (body["status"], body["request"]["inputs"]) == ("succeeded", {"time": [0.0, 1.0], "w_ref": [1.0, 2.0]})


def test_every_bad_field_is_named_at_once(api: APIClient, ball: FmuHolding) -> None:
    faults = {"stop_time": "soon", "record_events": 1, "solver": "RK4", "stpo_time": 3, "outputs": "h", "inputs": [1]}
    body = api.post("/simulate", {"fmu_id": "sample:BouncingBall"} | faults).json()
    assert {error["field"] for error in body["errors"]} == set(faults)
    assert "did you mean 'stop_time'" in body["detail"]


def test_faults_against_the_model_come_all_together(api: APIClient, ball: FmuHolding) -> None:
    wrong = {"start_values": {"h0": 1, "g": "down"}, "outputs": ["nope"]}
    body = api.post("/simulate", {"fmu_id": "sample:BouncingBall"} | wrong).json()
    assert {error["field"] for error in body["errors"]} == {"start_values.h0", "start_values.g", "outputs[0]"}


BODIES = {
    "no JSON": b"{fmu_id: x}",
    "NaN": b'{"stop_time": NaN}',
    "not UTF-8": b'{"fmu_id": "\xff"}',
    "a lone surrogate": b'{"fmu_id": "\\ud800"}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "a number of ten thousand digits": b'{"stop_time": ' + b"9" * 10_000 + b"}",
    "a list": b"[1]",
    "a text": b'"sample:BouncingBall"',
    "null": b"null",
    "nothing": b"",
    "a zero byte": b'{"fmu_id": "sample:\\u0000"}',
    "a number beyond double precision": b'{"fmu_id": "sample:BouncingBall", "stop_time": 1e999}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_a_body_that_cannot_be_read_is_a_400_or_422(anonymous: APIClient, ball: FmuHolding, body: bytes) -> None:
    response = anonymous.post("/simulate", body, content_type="application/json")
    assert response.status_code in (400, 422), response.content
    assert response.json()["detail"]


def test_a_name_twice_is_a_400_that_says_which(anonymous: APIClient, ball: FmuHolding) -> None:
    body = b'{"fmu_id": "sample:BouncingBall", "start_values": {"h": 1, "e": 0.5, "h": 2}}'
    response = anonymous.post("/simulate", body, content_type="application/json")
    assert response.status_code == 400
    assert "'h' twice" in response.json()["detail"]


FORMS: dict[str, dict[str, Any]] = {
    "a field of its own": {"stop_time": "3"},
    "a file of another name": {"model": fmus.upload(b"PK")},
    "no FMU at all": {"request": "{}"},
    "a request that is no JSON": {"request": "stop_time=3"},
    "inputs that are no text": {"inputs": fmus.upload(b"\xff", "u.csv"), "request": '{"fmu_id": "sample:BatteryCell"}'},
    "an FMU that is no file": {"fmu": "hello", "request": "{}"},
    "inputs twice": {
        "inputs": "time,u\n0,1\n", "request": '{"fmu_id": "sample:BatteryCell", "inputs": {"time": [0], "u": [1]}}'
    },
    "both an id and a file": {"request": '{"fmu_id": "sample:BouncingBall"}', "fmu": fmus.upload(b"PK\x03\x04")},
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_a_form_with_a_mistake_is_a_400_that_names_it(
    anonymous: APIClient, worker: WorkerProcess, form: dict[str, Any]
) -> None:
    response = anonymous.post("/simulate", form, format="multipart")
    assert response.status_code == 400, response.content
    assert response.json()["detail"]
    assert Fmu.objects.count() == 0


PARTS = {
    "fmu": [fmus.upload(fmus.variant("BouncingBall")), fmus.upload(fmus.variant("BouncingBall", extra={"x": b"x"}))],
    "inputs": ["time,u\n0,1\n", fmus.upload(b"time,u\n0,1\n", "u.csv")],
    "request": ['{"stop_time": 1}', '{"stop_time": 2}'],
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_there_twice_is_a_400_that_names_it(
    anonymous: APIClient, worker: WorkerProcess, settings: Settings, part: str
) -> None:
    """Django would take the last one silently, and a guest would be asked to pay for it."""
    response = anonymous.post("/simulate", {part: PARTS[part]}, format="multipart")
    assert response.status_code == 400, response.content
    assert response.json()["errors"] == [
        {
            "field": part,
            "code": "repeated",
            "message": f"The form has the part '{part}' twice; send one of them. Each run needs a request of its own.",
        }
    ]
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []


def test_another_content_type_is_415(anonymous: APIClient, worker: WorkerProcess) -> None:
    response = anonymous.post("/simulate", "fmu_id=x", content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


def test_an_fmu_over_the_limit_is_413_and_not_kept(api: APIClient, worker: WorkerProcess, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1 << 20
    content = fmus.variant("BouncingBall", extra={"resources/more": bytes(2 << 20)})
    response = api.post("/api/v1/fmus", {"fmu": fmus.upload(content)}, format="multipart")
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert Fmu.objects.count() == 0
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []


def test_a_body_that_announces_too_much_is_not_read(anonymous: APIClient, worker: WorkerProcess) -> None:
    response = anonymous.post("/simulate", b"{}", content_type="application/json", CONTENT_LENGTH=str(1 << 30))
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_a_body_of_unknown_length_is_411(anonymous: APIClient, worker: WorkerProcess) -> None:
    response = anonymous.post("/simulate", {}, headers={"transfer-encoding": "chunked"})
    assert (response.status_code, response.json()["code"]) == (411, "length_required")


def test_an_unknown_sample_suggests_one(anonymous: APIClient, ball: FmuHolding) -> None:
    response = anonymous.post("/simulate", {"fmu_id": "sample:BouncyBall"})
    assert response.status_code == 404
    assert "Did you mean 'sample:BouncingBall'?" in response.json()["detail"]


def test_an_fmu_for_windows_only_is_refused_before_it_runs(api: APIClient, worker: WorkerProcess) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(fmus.sample_path("BouncingBall")) as source, zipfile.ZipFile(buffer, "w") as target:
        for item in source.infolist():
            if not item.filename.startswith("sources"):
                target.writestr(item.filename.replace("linux64", "win64").replace(".so", ".dll"), source.read(item))
    response = api.post("/simulate", {"fmu": fmus.upload(buffer.getvalue())}, format="multipart")
    body = response.json()
    assert response.status_code == 422, body
    assert "Windows" in body["detail"]
    assert Simulation.objects.count() == 0


def stored_files() -> set[Path]:
    return {path for path in Path(django_settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def test_the_example_in_the_docs_is_what_the_api_says(anonymous: APIClient, ball: FmuHolding) -> None:
    page = anonymous.get("/docs/errors/").content.decode()
    shown = re.search(r"HTTP/1.1 (\d+).*?<code>(.*?)</code></pre>", page, re.DOTALL)
    assert shown is not None
    said = anonymous.post("/simulate", {"fmu_id": "sample:BouncingBall", "start_values": {"h0": 1}})
    example = json.loads(html.unescape(re.sub("</?b>", "", shown[2])))
    assert said.status_code == int(shown[1])
    assert said.json() | {"request_id": ""} == example | {"request_id": ""}


@pytest.mark.parametrize("body", [{}, {"inputs": {}}], ids=["fields", "inputs"])
def test_a_body_full_of_mistakes_is_answered_in_a_few_words(api: APIClient, body: dict[str, Any]) -> None:
    """A million of them would be an answer of a hundred megabytes, and a minute's work."""
    body.get("inputs", body).update({f"q{n}": 0 for n in range(10_000)})
    answer = api.post("/simulate", {"fmu_id": "sample:BouncingBall"} | body)
    assert (answer.status_code, len(answer.json()["errors"])) == (400, MOST_NAMED)
