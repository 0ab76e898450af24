"""/docs/api: the OpenAPI document as a page of our own.

Redoc and Swagger UI write styles into the page, which our Content-Security-Policy forbids, and weigh a megabyte.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fmugateway.openapi import document

_TITLES = {"simulations": "Simulations", "fmus": "FMUs", "payments": "Payments", "credits": "Credits"}
_METHODS = ("get", "post", "put", "patch", "delete")
_CREDENTIALS = {
    "apiToken": "API token",
    "runToken": "run token",
    "claimSecret": "claim secret",
    "cookieAuth": "signed-in browser",
}
_PROBLEM = "application/problem+json"
# Bodies nest three levels at most; deeper is a mistake that must not hang the page.
_DEPTH = 5


@dataclass(frozen=True)
class Field:
    """One member of a body, or one parameter. `path` is dotted: `result.urls.csv`."""

    path: str
    type: str
    description: str
    required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Body:
    media_type: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Answer:
    """One status. `fields` are left out for problems: they all look the same."""

    status: str
    title: str
    description: str
    media_types: tuple[str, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Example:
    title: str
    content: str


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    description: str
    credentials: tuple[str, ...]
    is_open: bool
    parameters: tuple[tuple[str, Field], ...]
    bodies: tuple[Body, ...]
    answers: tuple[Answer, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Group:
    id: str
    title: str
    operations: tuple[Operation, ...]


@require_safe
def api_reference(request: HttpRequest) -> HttpResponse:
    return render(request, "docs/api.html", {"page": "api", "groups": groups()})


@cache
def groups() -> tuple[Group, ...]:
    """Every operation by its tag, in the order of _TITLES; the shortest address is the one that most need."""
    found = sorted(_operations(), key=lambda tagged: len(tagged[1].path))
    return tuple(
        Group(tag, title, tuple(operation for its_tag, operation in found if its_tag == tag))
        for tag, title in _TITLES.items()
    )


def _operations() -> Iterator[tuple[str, Operation]]:
    for path, methods in document()["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield methods[method]["tags"][0], _operation(path, method, methods[method])


def _operation(path: str, method: str, spec: dict[str, Any]) -> Operation:
    security = spec.get("security", [{}])
    return Operation(
        id=spec["operationId"],
        method=method.upper(),
        path=path,
        summary=spec.get("summary", ""),
        description=spec.get("description", ""),
        credentials=tuple(_CREDENTIALS[name] for option in security for name in option),
        is_open={} in security,
        parameters=tuple((parameter["in"], _parameter(parameter)) for parameter in spec.get("parameters", [])),
        bodies=tuple(_bodies(spec.get("requestBody", {}).get("content", {}))),
        answers=tuple(_answer(status, answer) for status, answer in sorted(spec["responses"].items())),
        examples=tuple(_examples(spec)),
    )


def _parameter(spec: dict[str, Any]) -> Field:
    schema = spec["schema"]
    return Field(
        path=spec["name"],
        type=_type(schema),
        description=spec.get("description", ""),
        required=spec.get("required", False),
        choices=_choices(schema),
    )


def _bodies(content: dict[str, Any]) -> Iterator[Body]:
    for media_type, spec in content.items():
        yield Body(media_type, tuple(_fields(spec.get("schema", {}))))


def _answer(status: str, spec: dict[str, Any]) -> Answer:
    content = spec.get("content", {})
    shown = {media_type: body for media_type, body in content.items() if media_type != _PROBLEM or status == "402"}
    schemas: list[dict[str, Any]] = [body["schema"] for body in shown.values() if "schema" in body]
    return Answer(
        status=status,
        title=HTTPStatus(int(status)).phrase,
        description=spec.get("description", ""),
        media_types=tuple(content),
        fields=tuple(_fields(schemas[0])) if schemas else (),
    )


def _examples(spec: dict[str, Any]) -> Iterator[Example]:
    bodies = [spec.get("requestBody", {}), *spec["responses"].values()]
    for body in bodies:
        for media in body.get("content", {}).values():
            for example in media.get("examples", {}).values():
                yield Example(example.get("summary", ""), json.dumps(example["value"], indent=2, ensure_ascii=False))


def _fields(schema: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[Field]:
    """The members of an object and of the objects inside it, by dotted path."""
    schema = _resolved(schema)
    if schema.get("type") == "array":
        yield from _fields(schema.get("items", {}), prefix, depth)
        return
    for name, member in schema.get("properties", {}).items():
        inner, path = _resolved(member), f"{prefix}{name}"
        yield Field(
            path, _type(member), inner.get("description", ""), name in schema.get("required", []), _choices(inner)
        )
        if depth < _DEPTH:
            suffix = "[]." if inner.get("type") == "array" else "."
            yield from _fields(inner, f"{path}{suffix}", depth + 1)


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Behind references: the component, with what stands beside the reference."""
    for inner in schema.get("allOf", []):
        return {**_resolved(inner), **{name: value for name, value in schema.items() if name != "allOf"}}
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        component: dict[str, Any] = document()["components"]["schemas"][name]
        return component
    return schema


def _type(schema: dict[str, Any]) -> str:
    resolved = _resolved(schema)
    kind = resolved.get("type") or ("any" if "oneOf" not in resolved else "value")
    if kind == "array":
        kind = f"list of {_type(resolved.get('items', {}))}"
    return f"{kind} or null" if resolved.get("nullable") else kind


def _choices(schema: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(choice) for choice in _resolved(schema).get("enum", []) if choice is not None)
