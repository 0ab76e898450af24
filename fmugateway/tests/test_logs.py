from __future__ import annotations

import json
import logging
from typing import Any

from fmugateway.logs import JsonFormatter, RequestIdFilter
from fmugateway.middleware import request_id


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


def test_an_event_names_the_request_it_belongs_to() -> None:
    record = logging.LogRecord("x", logging.INFO, "f.py", 1, "hello", (), None)
    token = request_id.set("req_1")
    RequestIdFilter().filter(record)
    request_id.reset(token)
    assert json.loads(JsonFormatter().format(record))["request_id"] == "req_1"
