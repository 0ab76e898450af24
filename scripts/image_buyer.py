"""A stranger with an FMU: is told the price, pays it at the stand-in, gets the curve. Runs inside the web container."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import requests

SITE, STANDIN = "http://localhost:8000", "http://127.0.0.1:12111"
FMU = Path("/app/simulations/samples/BouncingBall.fmu")
SECONDS = 30


def main() -> None:
    priced = requests.post(
        f"{SITE}/simulate",
        files={"fmu": FMU.read_bytes(), "request": (None, json.dumps({"start_values": {"h": 2.5}, "stop_time": 0.5}))},
        timeout=60,
    )
    assert priced.status_code == 402, priced.text
    problem = priced.json()
    pay(problem["checkout_url"].rsplit("/", 1)[-1].partition("?")[0])
    payment = problem["payment"]
    token = asked(payment["status_url"], payment["claim_secret"], lambda body: body.get("token"))["token"]
    address = f"{SITE}/api/v1/simulations/{problem['simulation']}"
    ran = asked(address, token, lambda body: body["status"] in {"succeeded", "failed", "expired"})
    assert ran["status"] == "succeeded", ran
    assert ran["billing"]["charged"] == 1, ran
    assert ran["result"]["data"]["h"][0] == 2.5, ran


def pay(session: str) -> None:
    body = {"session": session, "card": "4242424242424242", "email": "buyer@example.test"}
    paid = requests.post(f"{STANDIN}/_standin/pay", json=body, timeout=30)
    assert paid.json()["problem"] is None, paid.text


def asked(address: str, token: str, enough: Any) -> dict[str, Any]:
    """Its answer, once that is enough."""
    deadline = time.monotonic() + SECONDS
    while True:
        body: dict[str, Any] = requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=30).json()
        if enough(body):
            return body
        assert time.monotonic() < deadline, body
        time.sleep(0.2)


if __name__ == "__main__":
    main()
