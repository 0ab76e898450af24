"""Every event delivered twice and shuffled, for 24 buyers, 8 deliveries at once, to the real site on both databases."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import stripe

from billing.tests.databases import ROOT, Database, database
from billing.tests.standin.client import StandIn
from billing.tests.standin.process import running
from billing.tests.standin.walk import client_of
from fmugateway.testing.servers import free_port

__all__ = ["database"]

pytestmark = pytest.mark.xdist_group("storm")

EXPECTED = {  # available, debt, lots
    "pack": [10, 0, 1],
    "half refunded": [5, 0, 1],
    "refunded": [0, 0, 1],
    "dispute lost": [0, 0, 1],
    "dispute won": [10, 0, 1],
    "bank": [10, 0, 1],
    "pilot": [500, 0, 2],
}
MONEY = {"payment": 15 * 800 + 3 * 800 + 6 * 10_000 + 3 * 100, "refund": -3 * 400 - 3 * 800, "dispute": -3 * 800}


@dataclass(frozen=True)
class Shop:
    """The site's database, and the Stripe that it sells through."""

    database: Database
    standin: StandIn
    stripe: stripe.StripeClient

    def ask(self, question: str) -> Any:
        return json.loads(self.database.run("-m", "billing.tests.storming", question))


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Iterator[Shop]:
    port = free_port()
    with running(tmp_path / "standin.sqlite3", site=f"http://127.0.0.1:{port}") as standin:
        address = {"PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}", "STRIPE_STANDIN_URL": standin.base_url}
        selling = replace(database, environment={**database.environment, **address, "WEB_PROCESSES": "2"})
        selling.manage("setup_stripe")
        yield Shop(selling, standin, client_of(standin))


@contextmanager
def site(shop: Shop, log: Path) -> Iterator[None]:
    """gunicorn, as in production."""
    words = [sys.executable, "-m", "gunicorn", "-c", "python:fmugateway.gunicorn_config", "fmugateway.wsgi"]
    with log.open("wb") as output:
        process = subprocess.Popen(words, cwd=ROOT, env=shop.database.environment, stdout=output, stderr=output)
    try:
        while "Listening at" not in log.read_text():
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(60)


def buy(shop: Shop, buyer: dict[str, Any]) -> None:
    """What this buyer does at Stripe, from paying to the end of a dispute."""
    session, kind = buyer["session"], buyer["kind"]
    if kind == "bank":
        shop.standin.pay_by_bank(session)
        shop.standin.settle(session)
        return
    shop.standin.pay(session)
    facts = shop.stripe.v1.checkout.sessions.retrieve(session, {"expand": ["payment_intent"]}).to_dict()
    if kind == "pilot":
        shop.standin.advance(facts["subscription"])
    elif "refunded" in kind:
        amount = 400 if kind.startswith("half") else 800
        shop.stripe.v1.refunds.create({"payment_intent": facts["payment_intent"]["id"], "amount": amount})
    elif "dispute" in kind:
        dispute = shop.standin.dispute(facts["payment_intent"]["latest_charge"])
        shop.standin.close_dispute(dispute["id"], won=kind.endswith("won"))


def test_storm_of_events_leaves_the_ledger_exact(shop: Shop, tmp_path: Path) -> None:
    shop.standin.webhooks(paused=True, duplicate=True, shuffle=True)
    buyers = shop.ask("buyers")
    for buyer in buyers:
        buy(shop, buyer)
    with site(shop, tmp_path / "site.log"):
        shop.standin.webhooks(paused=False)
        assert shop.standin.wait_until_quiet(200)
    attempts = [delivery for delivery in shop.standin.deliveries() if delivery["state"] != "dropped"]
    assert Counter(delivery["status"] for delivery in attempts) == {200: len(attempts)}
    assert Counter(Counter(delivery["event"] for delivery in attempts).values()).keys() == {2}
    assert len(attempts) >= 6 * len(buyers)
    found = shop.ask("balances")
    assert found["accounts"] == {buyer["email"]: EXPECTED[buyer["kind"]] for buyer in buyers if buyer["email"]}
    assert found["guests"] == {buyer["payment"]: "paid" for buyer in buyers if not buyer["email"]}
    assert found["cash"] == MONEY
