"""Every address that the URLconf knows, so that none can be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# A library judges who may open these: the admin by its site, sign-in by allauth, webhooks by their signature.
ADMIN, SIGN_IN, WEBHOOK = "admin/", "accounts/", "stripe/webhook/"
_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


def own_addresses() -> set[str]:
    """Ours: `api/v1/fmus/<fmu_id>`, without the converters."""
    return {address for address in _all() if not address.startswith((ADMIN, SIGN_IN, WEBHOOK))}


def addresses_under(prefix: str) -> list[str]:
    """As a request writes them, with something in place of every argument; those by regular expression left out."""
    found = sorted(address for address in _all() if address.startswith(prefix) and "(?P" not in address)
    return [f"/{re.sub(r'<[^>]+>', '1', address)}" for address in found]


def filled(address: str, values: dict[str, str]) -> str:
    return "/" + re.sub(r"<(\w+)>", lambda match: values[match[1]], address)


def _all() -> Iterator[str]:
    for route in _routes(get_resolver().url_patterns, ""):
        yield _CONVERTER.sub(r"<\1>", route)


def _routes(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route
