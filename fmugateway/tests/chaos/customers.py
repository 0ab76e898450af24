"""People who pay for runs while things break, and remember what each run should have said."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import requests

from billing.tests.standin.client import StandIn

FMU = Path(__file__).parents[3] / "simulations" / "samples" / "BouncingBall.fmu"
# Of a run that asks for nothing else.
START_HEIGHT = 1.0
FINAL = {"succeeded", "failed", "canceled", "expired"}
# What a client may be told while machines die; it asks again with the same key.
PASSING = frozenset({409, 429, 500, 502, 503, 504})
# Codes of runs that failed by no fault of the model.
OURS = {"worker_lost", "sandbox_error", "result_not_stored"}
PATIENCE_SECONDS = 120
LONG_RUN_STEP = 1e-6
FEWEST_RUNS = 6

_heights = itertools.count(1)


@dataclass
class Customer:
    """An account with credit.

    passing: statuses after which it asks again. runs: simulation id to the height that was asked for, which no other
    run has.
    """

    site: str
    token: str
    passing: frozenset[int] = PASSING
    fmu: str = ""
    runs: dict[str, float] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def upload(self) -> None:
        with FMU.open("rb") as file:
            answer = requests.post(f"{self.site}/api/v1/fmus", headers=self.headers, files={"fmu": file}, timeout=90)
        assert answer.status_code == 201, answer.text
        self.fmu = answer.json()["id"]

    def buy_runs_until(self, stopping: Event) -> None:
        """At least a few: on a machine that is busy otherwise the faults may be over before."""
        while not stopping.is_set() or len(self.runs) < FEWEST_RUNS:
            self.run()

    def run(self) -> None:
        height = _new_height()
        body = {"fmu_id": self.fmu, "start_values": {"h": height}, "outputs": ["h"], "stop_time": 0.5}
        headers = self.headers | {"Idempotency-Key": f"run-{height}", "Prefer": "wait=5"}
        answer = self._insist("POST", f"{self.site}/simulate", json=body, headers=headers)
        self.runs[answer.json()["id"]] = height

    def begin_long_run(self) -> str:
        """One that takes some seconds, under way; its id."""
        body = {"fmu_id": self.fmu, "outputs": ["h"], "stop_time": 0.5, "step_size": LONG_RUN_STEP}
        answer = self._insist("POST", f"{self.site}/simulate", json=body, headers=self.headers | {"Prefer": "wait=0"})
        simulation = str(answer.json()["id"])
        while self.look(simulation)["status"] == "queued":
            time.sleep(0.02)
        return simulation

    def look(self, simulation: str) -> dict[str, Any]:
        body: dict[str, Any] = self._insist("GET", self._url(simulation), headers=self.headers).json()
        return body

    def outcomes(self) -> Iterator[Outcome]:
        """How each run ended; waits for those that have not."""
        for simulation, height in self.runs.items():
            yield Outcome(self.final(simulation), height)

    def final(self, simulation: str) -> dict[str, Any]:
        return _final(self._url(simulation), self.headers, passing=self.passing)

    def credit(self) -> int:
        return int(self._insist("GET", f"{self.site}/api/v1/credits", headers=self.headers).json()["available"])

    def _url(self, simulation: str) -> str:
        return f"{self.site}/api/v1/simulations/{simulation}"

    def _insist(self, method: str, url: str, **request: Any) -> requests.Response:
        return _insist(method, url, passing=self.passing, **request)


@dataclass(frozen=True)
class Guest:
    """Somebody without an account, who pays for one run in the browser."""

    site: str
    standin: StandIn

    def buy_one_run(self) -> Outcome:
        height = _new_height()
        asked = f'{{"start_values": {{"h": {height}}}, "outputs": ["h"], "stop_time": 0.5}}'
        problem = _insist(
            "POST",
            f"{self.site}/simulate",
            files={"fmu": ("ball.fmu", FMU.read_bytes()), "request": (None, asked)},
            headers={"Idempotency-Key": f"guest-{height}"},
            expected={402},
        ).json()
        payment = problem["payment"]
        self.standin.pay(problem["checkout_url"].rsplit("/", 1)[-1].partition("?")[0])
        token = self._token(payment["status_url"], payment["claim_secret"])
        body = _final(f"{self.site}/api/v1/simulations/{problem['simulation']}", {"Authorization": f"Bearer {token}"})
        return Outcome(body, height)

    def _token(self, url: str, secret: str) -> str:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            body = _insist("GET", url, headers={"Authorization": f"Bearer {secret}"}).json()
            if body.get("token"):
                return str(body["token"])
            time.sleep(0.2)
        raise AssertionError(f"{url} never had a token: {body}")


@dataclass(frozen=True)
class Outcome:
    """The final answer about a run, and the height that it should start from."""

    body: dict[str, Any]
    height: float

    @property
    def succeeded(self) -> bool:
        return bool(self.body["status"] == "succeeded")

    @property
    def charged(self) -> int:
        return int(self.body["billing"]["charged"])

    def check(self) -> None:
        """Whatever died: the right result or an honest failure, charged for only when it is there."""
        assert self.charged == int(self.succeeded), self.body
        if self.succeeded:
            assert self.body["result"]["data"]["h"][0] == self.height, self.body
            assert self.body["result"]["data"]["time"][-1] == 0.5, self.body
        else:
            assert self.body["error"]["code"] in OURS, self.body


def _new_height() -> float:
    return 1 + next(_heights) / 1024


def _final(url: str, headers: dict[str, str], passing: frozenset[int] = PASSING) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        body: dict[str, Any] = _insist("GET", url, headers=headers, passing=passing).json()
        if body["status"] in FINAL:
            return body
        time.sleep(0.1)
    raise AssertionError(f"{url} never ended: {body}")


def _insist(
    method: str,
    url: str,
    *,
    expected: set[int] | None = None,
    passing: frozenset[int] = PASSING,
    **request: Any,
) -> requests.Response:
    """Ask until there is an answer that a working site gives."""
    expected = expected or {200, 201, 202}
    deadline = time.monotonic() + PATIENCE_SECONDS
    last: object = None
    while time.monotonic() < deadline:
        try:
            answer = requests.request(method, url, timeout=70, **request)
        except requests.RequestException as error:
            last = error
        else:
            if answer.status_code in expected:
                return answer
            assert answer.status_code in passing, (url, answer.status_code, answer.text[:2000])
            last = answer.text[:500]
        time.sleep(0.2)
    raise AssertionError(f"{url} did not recover: {last}")
