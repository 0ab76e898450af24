"""The HTTP front: the API under /v1, the controls under /_standin, pages for people everywhere else."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from billing.stripe_standin import controls
from billing.stripe_standin.api.dispatch import Request
from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.forms import decode
from billing.stripe_standin.app import App
from billing.stripe_standin.guard import is_loopback
from billing.stripe_standin.pages import site
from billing.stripe_standin.pages.answers import Visit

logger = logging.getLogger(__name__)
_MAX_BODY = 1_000_000


@dataclass(frozen=True)
class Response:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, status: int, body: object, headers: Mapping[str, str] | None = None) -> "Response":
        return cls(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})


class Server(ThreadingHTTPServer):
    """Listens before anything else is ready, so that port 0 tells its number."""

    daemon_threads = True
    request_queue_size = 128
    app: App


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one packet
    server: Server

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_DELETE = do_HEAD = do_GET  # noqa: N815 the names are those of HTTP

    def _answer(self) -> None:
        response = self._response()
        if response is None:
            self.close_connection = True
            return
        self.send_response(response.status)
        for name, value in {**response.headers, "Content-Length": str(len(response.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def _response(self) -> Response | None:
        """None drops the connection."""
        url, body = urlsplit(self.path), self._body()
        if not is_loopback(urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""):
            return Response(421, b"The Stripe stand-in answers on loopback names only.\n")
        if url.path.startswith("/v1/"):
            return self._api(url.path, url.query, body)
        if url.path.startswith("/_standin/"):
            return self._control(url.path.removeprefix("/_standin/"), body)
        return self._page(url.path, body)

    def _api(self, path: str, query: str, body: str) -> Response | None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.app.api(Request(self.command, path, decode(query, body), headers))
        return Response.of_json(answer.status, answer.body, answer.headers) if answer else None

    def _control(self, name: str, body: str) -> Response:
        if name == "health":
            return Response.of_json(200, {"healthy": True})
        if self.headers.get("Content-Type") != "application/json":  # no foreign page can send it without asking first
            return Response(415, b"Send JSON.\n")
        try:
            return Response.of_json(200, controls.run(self.server.app, name, body))
        except StripeError as error:
            return Response.of_json(error.status, error.body())

    def _page(self, path: str, body: str) -> Response:
        visit = Visit(self.command, path, dict(parse_qsl(body)), self.headers.get("Origin", ""))
        page = site.answer(self.server.app, visit)
        return Response(page.status, page.body, page.headers)

    def _body(self) -> str:
        """What was sent; nothing of what is absurdly long, and then no more on this connection."""
        length = int(self.headers.get("Content-Length") or 0)
        self.close_connection = self.close_connection or length > _MAX_BODY
        return self.rfile.read(length).decode(errors="replace") if length <= _MAX_BODY else ""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 named by the base class
        logger.debug(format, *args)


def listen(host: str, port: int) -> Server:
    return Server((host, port), Handler)
