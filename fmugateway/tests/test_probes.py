"""/healthz, /readyz and /metrics, as load balancers and Prometheus ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from fmugateway import health
from simulations.models import Simulation, Status, Worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(health, "REMEMBER_SECONDS", -1.0)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def worker() -> Worker:
    return Worker.objects.create(name="host:1", cage_level="FULL", cage_starts=3, seen_at=timezone.now())


def simulation(**fields: object) -> Simulation:
    facts = {"fmu_public_id": "fmu_1", "sha256": "0" * 64, "model_name": "Ball", "fmi_version": "2.0"}
    return Simulation.objects.create(**facts | {"request": {}, "limits": {}, "status": Status.QUEUED} | fields)


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
    assert not [sample for sample in Scraped(client).samples if sample.name == "fmugateway_workers"]


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


class Scraped:
    """What Prometheus reads."""

    def __init__(self, client: Client, **request: Any) -> None:
        answer = client.get("/metrics", **request)
        assert answer.status_code == 200, answer.content
        families = text_string_to_metric_families(answer.content.decode())
        self.samples = [sample for family in families for sample in family.samples]

    def value(self, name: str, **labels: str) -> float:
        return next(s.value for s in self.samples if (s.name, s.labels) == (f"fmugateway_{name}", labels))


def test_metrics_count_runs_by_outcome(client: Client) -> None:
    now = timezone.now()
    facts = {"queued_at": now, "started_at": now, "finished_at": now, "run_seconds": 0.02}
    for _ in range(2):
        simulation(status=Status.SUCCEEDED, rows=1, **facts)
    simulation(status=Status.FAILED, error_code="timeout", is_sample=True, **facts)
    scraped = Scraped(client)
    assert scraped.value("runs_total", outcome="succeeded", code="", kind="guest") == 2
    assert scraped.value("runs_total", outcome="failed", code="timeout", kind="sample") == 1
    assert scraped.value("run_seconds_count") == 3
    assert scraped.value("run_seconds_bucket", le="0.01") == 0
    assert scraped.value("run_seconds_bucket", le="0.025") == 3
    assert scraped.value("queue_seconds_bucket", le="0.01") == 3


def test_metrics_tell_the_queue_and_the_workers(client: Client, worker: Worker) -> None:
    simulation(queued_at=timezone.now() - timedelta(seconds=60))
    scraped = Scraped(client)
    assert scraped.value("going_runs", status="queued") == 1
    assert scraped.value("queue_oldest_seconds") >= 60
    assert scraped.value("workers", level="FULL") == 1
    assert scraped.value("cage_starts_total") == 3


def test_metrics_are_hidden_from_other_networks(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 403


def test_metrics_are_hidden_from_what_comes_through_a_proxy(client: Client) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403


def test_metrics_open_with_their_token_from_anywhere(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "a-secret"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    assert Scraped(client, headers={"Authorization": "Bearer a-secret"}, REMOTE_ADDR="203.0.113.7").samples
