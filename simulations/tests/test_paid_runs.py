"""Paid runs from end to end: the 402, paying at Stripe's stand-in, the run token, credits, and what a failure costs."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from billing import ledger
from billing.audit import findings
from billing.grants import grant
from billing.models import LotSource, Payment
from billing.signals import credits_granted
from billing.tests.shops import open_shop
from billing.tests.standin.client import StandIn
from billing.tests.standin.fixtures import stripe_standin, stripe_standin_process
from simulations.models import FmuHolding, Simulation, Status
from simulations.services import waiting
from simulations.tests import fmus
from simulations.tests.conftest import client_of
from simulations.tests.test_simulate import ENDLESS
from simulations.tests.worker import WorkerProcess

__all__ = ["stripe_standin", "stripe_standin_process"]

_numbers = itertools.count(1)
LONG: dict[str, Any] = {name: value for name, value in ENDLESS.items() if name != "fmu_id"}


@pytest.fixture
def shop(stripe_standin: StandIn, settings: Settings, worker: WorkerProcess) -> Iterator[StandIn]:
    """The stand-in with our catalogue. No webhook arrives: polls have to do."""
    with open_shop(stripe_standin, settings) as shop:
        yield shop


@pytest.fixture
def guest(anonymous: APIClient) -> APIClient:
    return anonymous


def send(client: APIClient, name: str = "BouncingBall", *, key: str | None = None, **request: Any) -> Any:
    form = {"fmu": fmus.upload(fmus.variant(name)), "request": json.dumps(request)}
    headers = {"idempotency-key": key} if key else {}
    return client.post("/simulate", form, format="multipart", headers=headers)


def give(user: User, runs: int) -> None:
    grant(source=LotSource.GOODWILL, quantity=runs, reference=f"test:{next(_numbers)}", user=user)


def pay(shop: StandIn, problem: dict[str, Any]) -> APIClient:
    """Pay, poll with the claim secret, and hold the run token."""
    payment = Payment.objects.get(public_id=problem["payment"]["id"])
    assert shop.pay(payment.checkout_session or "") is None
    poll = APIClient().get(
        problem["payment"]["status_url"], headers={"authorization": f"Bearer {problem['payment']['claim_secret']}"}
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {poll.json()['token']}")
    return client


def test_a_guest_without_a_token_gets_402_and_the_run_is_kept(guest: APIClient, shop: StandIn) -> None:
    response = send(guest, stop_time=1)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (402, "payment_required")
    assert (problem["amount"], problem["currency"]) == (100, "gbp")
    assert response.headers["Link"] == f'<{problem["payment"]["url"]}>; rel="payment"'
    assert response.headers["Cache-Control"] == "no-store"
    kept = Simulation.objects.get(public_id=problem["simulation"])
    assert (kept.status, kept.request["stop_time"]) == (Status.AWAITING_PAYMENT, 1)


def test_pay_poll_run(guest: APIClient, shop: StandIn) -> None:
    problem = send(guest, stop_time=1).json()
    paid = pay(shop, problem)
    body = paid.post("/simulate").json()
    assert (body["id"], body["status"], body["billing"]["charged"]) == (problem["simulation"], "succeeded", 1)
    csv: Any = paid.get(body["result"]["urls"]["csv"])
    assert b"".join(csv.streaming_content).startswith(b"time,h")
    assert guest.get(body["url"]).status_code == 404


def test_a_token_pays_for_one_run_once(guest: APIClient, shop: StandIn) -> None:
    paid = pay(shop, send(guest, stop_time=1).json())
    first = paid.post("/simulate").json()
    response = send(paid, stop_time=2)
    assert (response.status_code, response.json()["code"]) == (409, "token_spent")
    assert response.json()["simulation"] == first["id"]
    assert Simulation.objects.count() == 1


def test_a_token_reads_no_other_run(guest: APIClient, shop: StandIn) -> None:
    first, second = (pay(shop, send(guest, stop_time=n).json()) for n in (1, 2))
    other = second.post("/simulate").json()
    assert first.get(other["url"]).status_code == 404
    assert first.get(other["result"]["urls"]["csv"]).status_code == 404


def test_a_token_without_a_simulation_runs_this_request(shop: StandIn) -> None:
    paid = pay(shop, APIClient().post("/pay", {"product": "single_run"}).json())
    assert paid.post("/simulate").status_code == 400
    body = send(paid, stop_time=1).json()
    assert (body["status"], body["billing"]["charged"]) == ("succeeded", 1)
    assert paid.post("/simulate").json()["id"] == body["id"]


def test_a_failed_paid_run_gives_the_guest_another(guest: APIClient, shop: StandIn, settings: Settings) -> None:
    settings.RUN_LIMITS = settings.RUN_LIMITS | {"wall_seconds": 1.0}
    paid = pay(shop, send(guest, "VanDerPol", **LONG).json())
    failed = paid.post("/simulate").json()
    assert (failed["status"], failed["error"]["code"], failed["billing"]["charged"]) == ("failed", "timeout", 0)
    again = send(paid, stop_time=1).json()
    assert (again["status"], again["billing"]["charged"]) == ("succeeded", 1)


def test_an_account_pays_with_its_credits(user: User, api: APIClient, shop: StandIn) -> None:
    give(user, 2)
    body = send(api, stop_time=1).json()
    assert body["billing"] == {"charged": 1, "credits_available": 1}


def test_a_failed_run_gives_the_credit_back(user: User, api: APIClient, shop: StandIn, settings: Settings) -> None:
    give(user, 1)
    settings.RUN_LIMITS = settings.RUN_LIMITS | {"wall_seconds": 1.0}
    body = send(api, "VanDerPol", **LONG).json()
    assert (body["status"], body["billing"]) == ("failed", {"charged": 0, "credits_available": 1})


def test_a_refused_request_costs_nothing(user: User, api: APIClient, shop: StandIn) -> None:
    give(user, 1)
    assert send(api, stop_time=-1).status_code == 422
    assert (ledger.available(user), Simulation.objects.count()) == (1, 0)


def test_a_cancel_is_free_before_the_start_and_charged_after(user: User, api: APIClient, shop: StandIn) -> None:
    give(user, 2)
    form = {"request": json.dumps(LONG)}
    first, second = (
        api.post("/simulate", form | {"fmu": fmus.upload(fmus.variant("VanDerPol"))}, format="multipart",
                 headers={"prefer": "wait=0"}).json()
        for _ in range(2)
    )  # fmt: skip
    waiting.until(Simulation.objects.filter(public_id=first["id"], status=Status.RUNNING).exists, seconds=20)
    assert api.post(f"{second['url']}/cancel").json()["billing"] == {"charged": 0, "credits_available": 1}
    assert api.post(f"{first['url']}/cancel").json()["billing"] == {"charged": 1, "credits_available": 1}


def test_out_of_credit_is_402_and_the_run_starts_once_there_is_some(user: User, api: APIClient, shop: StandIn) -> None:
    problem = send(api, stop_time=1).json()
    assert problem["code"] == "payment_required"
    give(user, 1)
    credits_granted.send(sender=None, user=user)
    simulation = Simulation.objects.get(public_id=problem["simulation"])
    assert waiting.until_finished(simulation, seconds=20)
    assert (simulation.status, ledger.charged(simulation.public_id)) == (Status.SUCCEEDED, 1)


def test_the_key_of_a_402_finds_its_simulation_again(user: User, api: APIClient, shop: StandIn) -> None:
    first, second = (send(api, key="k", stop_time=1).json() for _ in range(2))
    assert first["simulation"] == second["simulation"]
    give(user, 1)
    body = send(api, key="k", stop_time=1).json()
    assert (body["id"], body["status"]) == (first["simulation"], "succeeded")
    assert ledger.available(user) == 0


def test_samples_are_free_for_everybody(guest: APIClient, ball: FmuHolding, shop: StandIn) -> None:
    assert guest.post("/simulate", {"fmu_id": "sample:BouncingBall"}).json()["billing"]["charged"] == 0


def test_when_stripe_is_down_nothing_is_kept(guest: APIClient, shop: StandIn) -> None:
    shop.down(seconds=30)
    response = send(guest, stop_time=1)
    shop.up()
    assert (response.status_code, response.json()["code"]) == (503, "stripe_unavailable")
    assert (Simulation.objects.count(), Payment.objects.count()) == (0, 0)


def test_a_forged_token_is_401(worker: WorkerProcess) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJwYXlfMSJ9.")
    response = client.post("/simulate")
    assert (response.status_code, response.json()["code"]) == (401, "run_token_invalid")


def test_two_runs_on_one_credit_start_one(user: User, shop: StandIn) -> None:
    give(user, 1)
    codes = [send(client_of(user), stop_time=1).status_code for _ in range(2)]
    assert codes == [200, 402]
    assert list(findings()) == []
