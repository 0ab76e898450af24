"""Requests that refuse what they do not know."""

from __future__ import annotations

import difflib
from typing import Any

from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that it does not know, with the one that was probably meant."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError({"": ["The request must be a JSON object."]}, code="wrong_type")
        errors: dict[str, Any] = {name: [self._unknown(name)] for name in data if name not in self.fields}
        try:
            values = super().to_internal_value({name: data[name] for name in data if data[name] is not None})
        except serializers.ValidationError as error:
            errors |= error.detail if isinstance(error.detail, dict) else {}
        if errors:
            raise serializers.ValidationError(errors)
        return values

    def _unknown(self, name: str) -> serializers.ErrorDetail:
        close = difflib.get_close_matches(name, self.fields, n=1, cutoff=0.6)
        hint = f"; did you mean '{close[0]}'?" if close else f". Known fields: {', '.join(self.fields)}."
        return serializers.ErrorDetail(f"'{name[:100]}' is not a field of a request{hint}", code="unknown_field")
