"""Carry one event to one endpoint."""

import http.client
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from billing.stripe_standin.state.store import Obj
from billing.stripe_standin.webhooks.signing import signature

_TIMEOUT = 30
_SHOWN = 300
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback needs no proxy


@dataclass(frozen=True)
class Outcome:
    status: int
    """0 when nobody answered."""
    answer: str
    milliseconds: int

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300


def post(endpoint: Obj, event: Obj) -> Outcome:
    started = time.monotonic()
    status, answer = _send(endpoint["url"], endpoint["_secret"], json.dumps(event, indent=2))
    return Outcome(status, answer, round((time.monotonic() - started) * 1000))


def _send(url: str, secret: str, body: str) -> tuple[int, str]:
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (stand-in)",
        "Stripe-Signature": signature(body, secret, int(time.time())),
    }
    try:
        with _OPENER.open(urllib.request.Request(url, body.encode(), headers), timeout=_TIMEOUT) as response:  # noqa: S310 loopback only, checked when the endpoint is made
            return response.status, _text(response.read(_SHOWN))
    except urllib.error.HTTPError as error:
        return error.code, _text(error.read(_SHOWN))
    except (OSError, ValueError, http.client.HTTPException) as error:
        return 0, str(getattr(error, "reason", error))


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace")
