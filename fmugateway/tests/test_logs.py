from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.test import Client

from fmugateway.logs import ContextFilter, JsonFormatter
from simulations.log_context import about


def formatted(message: str, *arguments: object) -> dict[str, Any]:
    record = logging.LogRecord("simulations", logging.INFO, "file.py", 1, message, arguments, None)
    event: dict[str, Any] = json.loads(JsonFormatter().format(record))
    return event


def test_the_ids_in_an_event_become_fields() -> None:
    event = formatted("simulation=%s status=%s code=%s", "sim_1", "failed", "timeout")
    assert (event["simulation"], event["status"], event["code"]) == ("sim_1", "failed", "timeout")
    assert event["event"] == "simulation=sim_1 status=failed code=timeout"


def test_a_fixed_word_becomes_a_field_too() -> None:
    event = formatted("task=%s code=broker_away %s", "run_simulation", OSError("no route"))
    assert (event["task"], event["code"]) == ("run_simulation", "broker_away")


def test_a_strangers_text_never_becomes_a_field() -> None:
    event = formatted("code=sandbox_error %s", 'simulation=sim_forged level=DEBUG "\n{')
    assert "simulation" not in event
    assert event["level"] == "INFO"


def test_a_traceback_stays_in_its_line() -> None:
    error = ValueError("first\nsecond")
    record = logging.LogRecord("x", logging.ERROR, "f.py", 1, "broke", (), (ValueError, error, None))
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert "ValueError: first" in json.loads(line)["traceback"]


def logged(message: str, *arguments: object, error: Exception | None = None) -> dict[str, Any]:
    """As the handler of the settings does it."""
    exc_info = (type(error), error, None) if error else None
    record = logging.LogRecord("x", logging.INFO, "f.py", 1, message, arguments, exc_info)
    ContextFilter().filter(record)
    event: dict[str, Any] = json.loads(JsonFormatter().format(record))
    return event


def test_an_event_names_what_it_happened_in() -> None:
    with about(request_id="req_1"), about(simulation="sim_1"):
        event = logged("hello")
    assert (event["request_id"], event["simulation"]) == ("req_1", "sim_1")
    assert "simulation" not in logged("afterwards")


def test_an_event_about_something_else_says_so() -> None:
    with about(simulation="sim_1"):
        assert logged("simulation=%s", "sim_2")["simulation"] == "sim_2"


def test_an_error_that_is_logged_further_out_still_names_what_it_happened_in() -> None:
    error = ValueError("broke")
    with pytest.raises(ValueError), about(simulation="sim_1"):
        raise error
    assert logged("caught", error=error)["simulation"] == "sim_1"


def test_what_django_says_about_a_request_names_it(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.get("/nowhere")
    record = next(record for record in caplog.records if record.name == "django.request")
    ContextFilter().filter(record)
    assert json.loads(JsonFormatter().format(record))["request_id"] == answer.headers["X-Request-Id"]
