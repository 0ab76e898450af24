"""Bodies into data, with a clear problem for whatever cannot be read."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http.multipartparser import MultiPartParserError
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from simulations.api.bodies import too_large
from simulations.fmi.shown import shown

# What Django complains of while it reads a form.
FORM_FAULTS = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, MultiPartParserError)

_NO_BOUNDARY = (
    "The Content-Type multipart/form-data names no boundary between the parts. "
    "Leave the header to your client (curl -F, files= of requests), which adds it."
)


class JsonParser(BaseParser):
    """JSON as RFC 8259 has it: UTF-8, no NaN, no lone surrogates, no nesting without end."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        content = stream.read(limit + 1)
        if len(content) > limit:
            raise too_large("", limit)
        return parse_json(content)


class FormParser(MultiPartParser):
    """multipart/form-data: Django's own complaints as problems of the API."""

    def parse(self, stream: IO[Any], media_type: str | None = None, *args: Any, **kwargs: Any) -> Any:
        if "boundary=" not in (media_type or "").lower():
            raise ParseError(_NO_BOUNDARY)
        try:
            return super().parse(stream, media_type, *args, **kwargs)
        except FORM_FAULTS as error:
            raise as_problem(error) from error


def as_problem(error: Exception) -> Exception:
    """A complaint of Django's form reading as a problem of the API."""
    if isinstance(error, RequestDataTooBig):
        return too_large("request", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return ParseError(f"The multipart body cannot be read: {error}")


def parse_json(content: bytes) -> Any:
    """JSON values, after a byte order mark or not. Raises ParseError that says what is wrong where."""
    try:
        text = content.decode("utf-8-sig")
        data = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_named_once)
        if "\\u" in text:
            json.dumps(data, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise ParseError(f"The JSON cannot be read: {error}") from error
    except UnicodeError as error:
        raise ParseError("The JSON is not valid UTF-8 text.") from error
    except RecursionError as error:
        raise ParseError("The JSON is nested too deeply.") from error
    except ValueError as error:
        # Python reads no whole number that is longer.
        digits = sys.get_int_max_str_digits()
        raise ParseError(f"The JSON has a number of more than {digits} digits; write it as 1e300.") from error
    return data


def _no_constant(name: str) -> Any:
    raise ParseError(f"The JSON cannot be read: {name} is not a JSON number.")


def _named_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Python would take the last of two values silently."""
    values = dict(pairs)
    if len(values) < len(pairs):
        ((twice, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise ParseError(f"The JSON has {shown(twice)} twice in one object; keep one of the two values.")
    return values
