"""Hold recorded traffic against Stripe's specification."""

from __future__ import annotations

import functools
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs

from billing.tests.standin.schemas import form_validator, object_validator, schema_of_object, validator
from billing.tests.standin.spec import load

type Json = dict[str, Any]
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Report:
    exchanges: int
    operations: Counter[str]
    """How often each operation was used, as `POST /v1/refunds`."""
    event_types: Counter[str]
    violations: Counter[str]

    def text(self) -> str:
        kinds = f"{len(self.event_types)} event types, {len(self.violations)} kinds of violation"
        head = f"{self.exchanges} exchanges, {kinds}"
        return "\n".join([head, *(f"{count} x {what}" for what, count in self.violations.most_common(50))])


def check_exchanges(path: Path) -> Report:
    """Everything that a stand-in wrote with STANDIN_RECORD=path."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    exchanges = [line for line in lines if line["kind"] == "exchange"]
    events = [line["body"] for line in lines if line["kind"] == "event"]
    found = [problem for line in exchanges for problem in _exchange_problems(line)]
    found += [problem for event in events for problem in _event_problems(event)]
    operations = Counter(f"{line['method']} {_template(line['path'])}" for line in exchanges)
    return Report(len(exchanges), operations, Counter(event["type"] for event in events), Counter(found))


def response_problems(template: str, body: Json) -> Iterator[str]:
    """What is wrong with the answer to a GET of this path of the specification."""
    yield from _problems(_response(template, "get", 200), body, f"GET {template}")


def _exchange_problems(line: Json) -> Iterator[str]:
    """What Stripe would not have answered, and what it would not have accepted."""
    template, method = _template(line["path"]), line["method"].lower()
    operation = load()["paths"].get(template, {}).get(method)
    if operation is None:
        if line["status"] < 400:
            yield f"{line['method']} {line['path']}: no such operation"
        return
    where = f"{line['method']} {template} {line['status']}"
    yield from _problems(_response(template, method, line["status"]), line["body"], where)
    if line["status"] == 200:
        yield from _problems(_request(template, method), line["sent"], f"{where} request")


def _event_problems(event: Json) -> Iterator[str]:
    where, thing = f"event {event['type']}", event["data"]["object"]
    if event["type"] not in _event_types():
        yield f"{where}: no such event type"
    yield from _problems(object_validator("event"), event, where)
    name = schema_of_object(thing["object"])
    if name is None:
        yield f"{where}: no such object as {thing['object']}"
    else:
        yield from _problems(object_validator(name), thing, where)
    for field in event["data"].get("previous_attributes", {}).keys() - thing.keys():
        yield f"{where}: previous_attributes has {field}, the object has not"


def _problems(check: jsonschema_rs.Validator, value: object, where: str) -> Iterator[str]:
    for error in check.iter_errors(value):
        leaf = _deepest(error)
        place = ".".join("#" if isinstance(part, int) else part for part in leaf.instance_path)
        yield f"{where}: {place or 'it'}: {leaf.message[:200]}"


def _deepest(error: Any) -> Any:
    """Of the alternatives that failed, the one that came furthest (an id where an object stands comes nowhere)."""
    branches = [part for branch in getattr(error.kind, "context", None) or [] for part in branch]
    if not branches:
        return error
    return _deepest(max(branches, key=lambda part: (len(part.instance_path), "not of type" not in part.message)))


@functools.cache
def _response(template: str, method: str, status: int) -> jsonschema_rs.Validator:
    responses = load()["paths"][template][method]["responses"]
    return validator((responses.get(str(status)) or responses["default"])["content"]["application/json"]["schema"])


@functools.cache
def _request(template: str, method: str) -> jsonschema_rs.Validator:
    """The form's schema, or the query's as if it were one."""
    operation = load()["paths"][template][method]
    body = operation.get("requestBody", {}).get("content", {}).get(_FORM, {}).get("schema", {})
    query = {part["name"]: part["schema"] for part in operation.get("parameters", []) if part["in"] == "query"}
    properties = {**body.get("properties", {}), **query, "expand": {"type": "array", "items": {"type": "string"}}}
    return form_validator({"type": "object", "properties": properties, "required": body.get("required", [])})


@functools.cache
def _template(path: str) -> str:
    """`/v1/charges/ch_1` is `/v1/charges/{charge}`; a literal path wins over one with a blank."""
    fitting = [template for template in load()["paths"] if _pattern(template).fullmatch(path)]
    return min(fitting, key=lambda template: template.count("{"), default=path)


@functools.cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", template))


@functools.cache
def _event_types() -> frozenset[str]:
    create = load()["paths"]["/v1/webhook_endpoints"]["post"]["requestBody"]["content"][_FORM]["schema"]
    return frozenset(create["properties"]["enabled_events"]["items"]["enum"])


if __name__ == "__main__":
    _report = check_exchanges(Path(sys.argv[1]))
    sys.stdout.write(_report.text() + "\n")
    sys.exit(bool(_report.violations))
