"""The errors that DRF raises by itself, in our words: the thing and the next step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rest_framework import exceptions
from rest_framework.request import Request

type Words = Callable[[Request, Any], str]


def plain_words(error: exceptions.APIException, context: Mapping[str, Any]) -> str | None:
    """None where the error's own words are ours already."""
    words = _WORDS.get(type(error))
    if words is None or not _is_stock(error):
        return None
    return words(context["request"], context["view"])


def plain_field_words(field: str, message: str) -> str:
    """What DRF's serializers say about a field, with its name; any other message as it is."""
    for stock, words in _FIELD_WORDS.items():
        if message.startswith(stock):
            return words.format(field=field or "The body", rest=message.removeprefix(stock))
    return message


def _is_stock(error: exceptions.APIException) -> bool:
    """DRF fills the method or the media type into its default; anything else was written by us."""
    return str(error.detail).partition(' "')[0] == str(error.default_detail).partition(' "')[0]


def _wrong_method(request: Request, view: Any) -> str:
    allowed = [method for method in view.allowed_methods if method != "OPTIONS"]
    return f"{request.path} does not answer to {request.method}; use {' or '.join(allowed)}."


def _wrong_type(request: Request, view: Any) -> str:
    accepted = " or ".join(dict.fromkeys(parser.media_type for parser in view.get_parsers()))
    return (
        f"The body is announced as {request.content_type!r}. Send it with Content-Type: {accepted} (curl: --json, -F)."
    )


def _nobody(request: Request, view: Any) -> str:
    return "Send an API token: Authorization: Bearer fmu_..."


def _wrong_format(request: Request, view: Any) -> str:
    offered = " or ".join(renderer.media_type for renderer in view.get_renderers())
    return f"{request.path} answers {offered}, which the Accept header leaves out."


_WORDS: dict[type[exceptions.APIException], Words] = {
    exceptions.MethodNotAllowed: _wrong_method,
    exceptions.UnsupportedMediaType: _wrong_type,
    exceptions.NotAuthenticated: _nobody,
    exceptions.NotAcceptable: _wrong_format,
}

_OBJECT = "The body must be a JSON object."
_FIELD_WORDS = {
    "No data provided": _OBJECT,
    "Invalid data. Expected a dictionary": _OBJECT,
    "Null characters are not allowed.": "'{field}' has a null character in it; leave it out.",
    "This field is required.": "'{field}' is missing.",
    "This field may not be blank.": "'{field}' is empty; fill it in or leave it out.",
    "This field may not be null.": "'{field}' is null; fill it in or leave it out.",
    "Not a valid string.": "'{field}' must be a text.",
    "Ensure this field has": "'{field}' must have{rest}",
}
