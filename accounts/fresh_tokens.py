"""A new token's secret on its way to the one page that shows it. That page answers a GET: a reload makes no other."""

from __future__ import annotations

from django.http import HttpRequest

_KEY = "fresh_token"


def hand_on(request: HttpRequest, secret: str) -> None:
    """For the next page of this session that shows tokens."""
    request.session[_KEY] = secret


def take(request: HttpRequest) -> str:
    """The secret that waits to be shown, which is forgotten by this; "" when there is none."""
    return str(request.session.pop(_KEY, "")) if request.method == "GET" else ""
