"""Requests that refuse what they do not know."""

from __future__ import annotations

import difflib
from itertools import islice
from typing import Any, ClassVar

from rest_framework import serializers

# So many are named; a body has room for a million.
MOST_NAMED, _LONGEST = 20, 40


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that it does not know, with the one that was probably meant.

    null_is_open: null says the same as leaving a field out. Else it is refused: somebody's variable was empty.
    """

    null_is_open: ClassVar[bool] = False

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError({"": ["The body must be a JSON object."]}, code="wrong_type")
        unknown = (name for name in data if name not in self.fields)
        errors: dict[str, Any] = {name: [self._unknown(name)] for name in islice(unknown, MOST_NAMED)}
        try:
            values = super().to_internal_value(
                {name: value for name, value in data.items() if not (self.null_is_open and value is None)}
            )
        except serializers.ValidationError as error:
            errors |= error.detail if isinstance(error.detail, dict) else {}
        if errors:
            raise serializers.ValidationError(errors)
        return values

    def _unknown(self, name: str) -> serializers.ErrorDetail:
        close = difflib.get_close_matches(name[:_LONGEST], self.fields, n=1, cutoff=0.6)
        hint = f"; did you mean '{close[0]}'?" if close else f". Known fields: {', '.join(self.fields)}."
        return serializers.ErrorDetail(f"'{name[:100]}' is not a field of a request{hint}", code="unknown_field")
