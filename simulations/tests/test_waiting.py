"""Requests that wait for a run: woken by news of it, right without it, and never so many that none can be answered."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore

import pytest
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from simulations.models import FmuHolding, Simulation, Status
from simulations.services import news, waiting
from simulations.services.transition import transition
from simulations.tests.test_simulate import ENDLESS

pytestmark = pytest.mark.usefixtures("free")
NEVER = 3600.0


@pytest.fixture
def queued(transactional_db: None) -> Simulation:
    """A run that no worker knows of."""
    return Simulation.objects.create(
        fmu_public_id="fmu_a", sha256="0" * 64, model_name="A", fmi_version="2.0", request={}, limits={},
        status=Status.QUEUED, queued_at=timezone.now(),
    )  # fmt: skip


def wait_elsewhere(simulation: Simulation, seconds: float) -> Future[bool]:
    """As another request does, in its thread."""

    def wait() -> bool:
        try:
            return waiting.until_finished(Simulation.objects.get(pk=simulation.pk), seconds=seconds)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(wait)
        assert waiting.until(lambda: is_expected(simulation.public_id), seconds=20)
        transition(simulation, to=Status.CANCELED)
    return future


def is_expected(name: str) -> bool:
    return name in news._listener.waiting and news._listener.listening.is_set()


def test_news_wakes_who_waits_and_nothing_else_does(queued: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "FIRST_LOOK_SECONDS", NEVER)
    assert wait_elsewhere(queued, seconds=60).result() is True


def test_lost_news_makes_an_answer_late_not_wrong(queued: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "tell", lambda name: None)
    assert wait_elsewhere(queued, seconds=60).result() is True


def test_news_of_what_was_undone_is_never_told(transactional_db: None) -> None:
    with news.expected("undone") as undone, news.expected("done") as done:
        with transaction.atomic():
            news.tell("undone")
            transaction.set_rollback(True)
        with transaction.atomic():
            news.tell("done")
            assert not done.is_set()
        assert done.wait(20)
        assert not undone.is_set()


def test_who_finds_no_seat_is_answered_at_once(
    api: APIClient, van_der_pol: FmuHolding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_seats", BoundedSemaphore(1))
    with waiting._seats:
        response = api.post("/simulate", ENDLESS, headers={"prefer": "wait=60"})
    assert response.status_code == 202
    assert response.headers["Location"]
    api.post(f"{response.json()['url']}/cancel")


def test_a_question_for_a_run_waits_when_it_is_asked_to(api: APIClient, ball: FmuHolding) -> None:
    started = api.post("/simulate", {"fmu_id": "sample:BouncingBall"}, headers={"prefer": "wait=0"}).json()
    assert api.get(started["url"], headers={"prefer": "wait=30"}).json()["status"] == "succeeded"
