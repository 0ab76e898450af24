"""A test's hand on the stand-in: the buyer's clicks, time passing, faults, deliveries."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError

type Json = dict[str, Any]
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ControlRefused(Exception):
    """The stand-in said why it cannot do that."""


@dataclass(frozen=True)
class StandIn:
    base_url: str
    secret_key: str = "sk_test_" + "standIn0" * 3

    def reset(self) -> None:
        """Forget everything, and be well again."""
        self._control("reset")

    def pay(self, session: str, card: str = "4242424242424242", email: str = "buyer@example.test") -> str | None:
        """Press Pay. Returns what the page tells the buyer, None when it worked."""
        return self._problem(self._control("pay", session=session, card=card, email=email))

    def pay_by_bank(self, session: str, email: str = "buyer@example.test") -> str | None:
        """The session is complete, the money comes with `settle`."""
        return self._problem(self._control("pay", session=session, bank=True, email=email))

    def settle(self, session: str, *, succeeds: bool = True) -> Json:
        """A delayed payment arrives, or fails."""
        return self._control("settle", session=session, succeeds=succeeds)

    def promote(self, session: str, code: str) -> str | None:
        """The buyer types a promotion code. Returns what is wrong with it."""
        return self._problem(self._control("promote", session=session, code=code))

    def expire_session(self, session: str) -> Json:
        return self._control("expire_session", session=session)

    def advance(self, subscription: str) -> Json:
        """To the end of the current month: it renews, or ends if it was told to."""
        return self._control("advance", subscription=subscription)

    def give_up(self, subscription: str) -> Json:
        """All retries of a failed renewal are over: canceled."""
        return self._control("give_up", subscription=subscription)

    def dispute(self, charge: str, reason: str = "fraudulent") -> Json:
        return self._control("dispute", charge=charge, reason=reason)

    def close_dispute(self, dispute: str, *, won: bool) -> Json:
        return self._control("close_dispute", dispute=dispute, won=won)

    def fail_refund(self, refund: str) -> Json:
        """The buyer's bank sends a refund back."""
        return self._control("fail_refund", refund=refund)

    def fraud_warning(self, charge: str) -> Json:
        return self._control("fraud_warning", charge=charge)

    def events(self, type_: str | None = None) -> list[Json]:
        """Oldest first."""
        return self._rows(self._control("events", type=type_))

    def deliveries(self) -> list[Json]:
        """Every attempt, oldest first: type, attempt, state, status, answer."""
        return self._rows(self._control("deliveries"))

    def redeliver(self, event: str, *, times: int = 1) -> None:
        """Send it again, this many times at once."""
        self._control("redeliver", event=event, times=times)

    def deliver_now(self, event: str) -> Json:
        """Send it and wait: `status` and `answer` are the site's."""
        return self._control("deliver_now", event=event)

    def webhooks(self, **mood: object) -> None:
        """paused, duplicate, shuffle (booleans), retry_seconds (a list)."""
        self._control("webhooks", **mood)

    def drop_deliveries(self) -> None:
        """What waits in the queue never arrives."""
        self._control("drop_deliveries")

    def wait_until_quiet(self, seconds: float = 30.0) -> bool:
        """True once every delivery was taken or given up."""
        return bool(self._control("wait_until_quiet", seconds=seconds)["quiet"])

    def down(self, *, requests: int = 0, seconds: float = 0.0, how: str = "error") -> None:
        """Fail the next API requests: `error` (503), `hang_up`, or `lose_answer` (done, but nobody is told)."""
        self._control("down", requests=requests, seconds=seconds, how=how)

    def up(self) -> None:
        self.down()

    def _control(self, name: str, **asked: object) -> Json:
        body = json.dumps(asked).encode()
        request = urllib.request.Request(f"{self.base_url}/_standin/{name}", body, {"Content-Type": "application/json"})
        try:
            with _OPENER.open(request, timeout=60) as response:
                answer: Json = json.load(response)
                return answer
        except HTTPError as error:
            raise ControlRefused(f"{name}: {error.read().decode()}") from error

    @staticmethod
    def _rows(answer: Json) -> list[Json]:
        rows: list[Json] = answer["data"]
        return rows

    @staticmethod
    def _problem(answer: Json) -> str | None:
        problem: str | None = answer["problem"]
        return problem
