"""/healthz and /readyz, as load balancers ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from fmugateway import health
from fmugateway.tests.rows import hide_real_workers, living_worker, simulation
from simulations.models import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(health, "REMEMBER_SECONDS", -1.0)
    hide_real_workers(monkeypatch)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def worker() -> Worker:
    return living_worker()


def test_alive_is_answered_to_a_machines_address(client: Client) -> None:
    """Load balancers send no Host that we know, and no X-Forwarded-Proto."""
    assert client.get("/healthz", headers={"Host": "172.19.0.2:8000"}).content == b"ok\n"


def test_ready_with_a_worker_whose_cage_is_full(client: Client, worker: Worker) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.content
    assert answer.json()["checks"]["workers"] == "ok, 1 with cage level FULL"


def test_not_ready_without_workers(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "run_worker" in answer.json()["checks"]["workers"]


def test_not_ready_while_only_uploads_are_worked_on(client: Client) -> None:
    Worker.objects.create(name="host:1", cage_level="FULL", takes_runs=False, seen_at=timezone.now())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["workers"][:13]) == (503, "none is alive")


def test_not_ready_when_no_worker_can_isolate(client: Client) -> None:
    Worker.objects.create(name="host:1", cage_reason="bubblewrap is not installed", seen_at=timezone.now())
    assert client.get("/readyz").json()["checks"]["workers"] == "none can isolate a run: bubblewrap is not installed"


def test_not_ready_when_the_queue_is_full(client: Client, worker: Worker, settings: Settings) -> None:
    settings.MAX_QUEUED_RUNS = 1
    simulation(queued_at=timezone.now())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["queue"] == "full: 1 runs are waiting"


def test_not_ready_when_the_disk_is_full(client: Client, worker: Worker, settings: Settings) -> None:
    settings.MIN_FREE_DISK_BYTES = 1 << 62
    assert client.get("/readyz").json()["checks"]["storage"].startswith("full: ")


def test_a_check_that_breaks_tells_the_log_and_not_the_public(
    client: Client, worker: Worker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise OSError("password=hunter2")

    monkeypatch.setitem(health.CHECKS, "storage", broken)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["storage"]) == (503, "failed, see the log")
    assert "hunter2" in caplog.text
