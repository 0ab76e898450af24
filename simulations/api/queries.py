"""What stands behind the question mark of an address, and what an asker holds of it already."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import parse_etags
from rest_framework.request import Request

from simulations.errors import BadRequest


def whole_number(request: Request, name: str, *, least: int, most: int) -> int | None:
    """None where the address has none. Raises BadRequest for what is no whole number, or out of bounds."""
    given = request.query_params.get(name)
    if not given:
        return None
    digits = given.isascii() and given.isdigit() and len(given) <= len(str(most))
    if not digits or not least <= int(given) <= most:
        raise BadRequest.field(name, "invalid", f"'{name}' must be a whole number from {least:,} to {most:,}.")
    return int(given)


def holds(request: HttpRequest | Request, tag: str) -> bool:
    """Whether If-None-Match names the tag, among others or weakly: a proxy that compresses makes `W/"..."` of it."""
    held = [known.removeprefix("W/") for known in parse_etags(request.headers.get("If-None-Match", ""))]
    return tag in held or "*" in held
