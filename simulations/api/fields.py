"""Fields that take JSON's own types and name the value they refuse."""

from __future__ import annotations

from itertools import islice
from typing import Any

from rest_framework import serializers

from billing.api.strict import MOST_NAMED
from simulations.fmi.shown import shown


class NumberField(serializers.FloatField):
    """A JSON number: no text, no truth value."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            raise wrong_type(self, data, "a number")
        try:
            return float(data)
        except OverflowError:
            raise wrong_type(self, data, "a number of double precision") from None


class TruthField(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise wrong_type(self, data, "true or false")
        return data


class TextField(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise wrong_type(self, data, "a text")
        return data


class ObjectField(serializers.JSONField):
    """A JSON object; its values are checked against the model, not here."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise wrong_type(self, data, "an object")
        return data


class SeriesField(ObjectField):
    """A JSON object of lists."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        values = super().to_internal_value(data)
        wrong = ((name, value) for name, value in values.items() if not isinstance(value, list))
        problems = {name: [_sentence(name, "a list of samples", value)] for name, value in islice(wrong, MOST_NAMED)}
        if problems:
            raise serializers.ValidationError(problems, code="wrong_type")
        return values


class NamesField(serializers.JSONField):
    """A JSON list of texts."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, list) or not all(isinstance(name, str) for name in data):
            raise wrong_type(self, data, "a list of names")
        return data


def wrong_type(field: serializers.Field[Any, Any, Any, Any], data: Any, wanted: str) -> serializers.ValidationError:
    return serializers.ValidationError(_sentence(field.field_name or "", wanted, data), code="wrong_type")


def _sentence(name: str, wanted: str, data: Any) -> str:
    return f"'{name[:100]}' must be {wanted}, not {shown(data)}."
