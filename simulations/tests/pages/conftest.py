"""Browsers of an account, of somebody else and of nobody, and runs to look at."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from billing.grants import grant
from billing.models import LotSource
from fmugateway import analytics
from simulations.models import FmuHolding, Simulation
from simulations.services import waiting
from simulations.tests import fmus

CREDITS = 2
MINE = fmus.variant("BouncingBall", extra={"resources/mine.txt": b"mine"})


@pytest.fixture
def browser(user: User) -> Client:
    return signed_in(user)


@pytest.fixture
def nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every few seconds an answer is followed by the day's counts, whose queries are not the page's."""
    monkeypatch.setattr(analytics, "WRITE_EVERY_SECONDS", float("inf"))


@pytest.fixture
def other(transactional_db: None) -> Client:
    """Somebody else's browser."""
    return signed_in(User.objects.create_user("other@example.com"))


@pytest.fixture
def guest(transactional_db: None) -> Client:
    """A browser without an account; it has seen a form, so it has a cookie."""
    client = Client()
    client.get("/run/")
    return client


@pytest.fixture
def two_credits(user: User) -> None:
    grant(source=LotSource.GOODWILL, quantity=CREDITS, reference=f"test:{user.pk}", user=user)


@pytest.fixture
def model(browser: Client, ball: FmuHolding) -> FmuHolding:
    """The account's own FMU."""
    return upload(browser)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def upload(client: Client, content: bytes = MINE, name: str = "model.fmu") -> FmuHolding:
    answer = client.post("/run/", {"fmu": fmus.upload(content, name)})
    assert answer.status_code == 302, answer.content.decode()
    return FmuHolding.objects.get(public_id=answer["Location"].split("/")[-2])


def start(client: Client, fmu: FmuHolding, **fields: object) -> Simulation:
    """Through the form."""
    answer = client.post(f"/dashboard/models/{fmu.public_id}/run/", fields)
    assert answer.status_code == 302, answer.content.decode()
    return Simulation.objects.get(public_id=answer["Location"].split("/")[-2])


def run(client: Client, fmu: FmuHolding, **fields: object) -> Simulation:
    """Through the form, to its end."""
    simulation = start(client, fmu, **fields)
    assert waiting.until_finished(simulation, seconds=30)
    return simulation
