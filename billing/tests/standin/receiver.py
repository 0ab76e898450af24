"""A site of few words that takes webhooks, so that deliveries can be looked at."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import stripe


@dataclass
class Receiver:
    url: str
    arrived: queue.Queue[tuple[bytes, str]] = field(default_factory=queue.Queue)
    """Body and signature of each delivery."""
    answers: list[int] = field(default_factory=list)
    """Statuses to answer with, first to last; 200 after that."""

    def next_event(self, secret: str) -> stripe.Event:
        """Wait for a delivery and let the official SDK verify its signature."""
        body, signature = self.arrived.get(timeout=15)
        return stripe.Webhook.construct_event(body, signature, secret)  # type: ignore[no-any-return]

    def count(self) -> int:
        return self.arrived.qsize()


@contextmanager
def listening() -> Iterator[Receiver]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/webhook")
    server.receiver = receiver  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.arrived.put((body, self.headers["Stripe-Signature"]))
        self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 named by the base class
        """Quiet."""
