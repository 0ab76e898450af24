"""What stands behind the question mark of an address."""

from __future__ import annotations

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
