"""Turn OpenAPI schemas into JSON Schema validators."""

from __future__ import annotations

import functools
from typing import Any

import jsonschema_rs

from billing.tests.standin.spec import load

type Schema = dict[str, Any]
_URN = "urn:stripe"
_PLAIN = ("type", "enum", "required", "pattern")
# Forms carry text only.
_AS_TEXT: dict[str, Schema] = {
    "integer": {"type": "string", "pattern": r"^-?\d+$"},
    "number": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    "boolean": {"enum": ["true", "false"]},
}


@functools.cache
def object_validator(name: str) -> jsonschema_rs.Validator:
    """Validates JSON against the schema of that name, strictly: no field that Stripe does not document."""
    return _validator({"$ref": f"{_URN}#/schemas/{name}"})


def validator(schema: Schema) -> jsonschema_rs.Validator:
    return _validator(_converted(schema))


def form_validator(schema: Schema) -> jsonschema_rs.Validator:
    """The same for decoded form fields, whose leaves are text."""
    return _validator(_converted(schema, form=True))


@functools.cache
def schema_of_object(kind: str) -> str | None:
    """The schema that describes objects which call themselves `kind`."""
    for name, schema in load()["schemas"].items():
        named = schema.get("properties", {}).get("object", {}).get("enum") == [kind]
        if named and "deleted" not in name and schema.get("x-resourceId", kind) == kind:
            return str(name)
    return None


def _validator(schema: Schema) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(schema, registry=_registry())


@functools.cache
def _registry() -> jsonschema_rs.Registry:
    schemas = {name: _converted(schema) for name, schema in load()["schemas"].items()}
    return jsonschema_rs.Registry([(_URN, {"$id": _URN, "schemas": schemas})])


def _converted(schema: Schema, *, form: bool = False) -> Schema:
    """JSON Schema for one OpenAPI 3.0 schema: `nullable` spelled out, objects closed."""
    if form and schema.get("type") in _AS_TEXT:
        return _AS_TEXT[schema["type"]]
    out: Schema = {name: schema[name] for name in _PLAIN if name in schema}
    if "$ref" in schema:
        out["$ref"] = _URN + schema["$ref"].replace("#/components", "#")
    for name in ("anyOf", "oneOf"):
        if name in schema:
            out["anyOf"] = [_converted(part, form=form) for part in schema[name]]
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            out[name] = _converted(schema[name], form=form)
    if properties := schema.get("properties"):
        out["properties"] = {name: _converted(part, form=form) for name, part in properties.items()}
        out.setdefault("additionalProperties", False)
    if schema.get("additionalProperties") is False:
        out["additionalProperties"] = False
    return {"anyOf": [out, {"type": "null"}]} if schema.get("nullable") else out
