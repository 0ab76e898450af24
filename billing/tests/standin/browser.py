"""A browser without JavaScript: gets pages, sends forms, follows no redirect."""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPMessage
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlencode


@dataclass(frozen=True)
class Page:
    status: int
    text: str
    headers: Message

    @property
    def location(self) -> str:
        return str(self.headers.get("Location", ""))


def get(url: str, headers: dict[str, str] | None = None) -> Page:
    return _visit(urllib.request.Request(url, headers=headers or {}))


def send(url: str, form: dict[str, str], headers: dict[str, str] | None = None) -> Page:
    return _visit(urllib.request.Request(url, urlencode(form).encode(), headers or {}))


def _visit(request: urllib.request.Request) -> Page:
    try:
        with _OPENER.open(request, timeout=10) as response:
            return Page(response.status, response.read().decode(errors="replace"), response.headers)
    except HTTPError as error:
        return Page(error.code, error.read().decode(), error.headers)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
