"""/metrics, as Prometheus reads it. It is noon, so that no test crosses midnight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from accounts.models import User
from billing.tests.webhooks import kept as webhook
from fmugateway import prometheus, sweeping
from fmugateway.tally import SETTLED
from fmugateway.tests.owner.history import sale
from fmugateway.tests.rows import hide_real_workers, living_worker, simulation
from simulations.models import Simulation, Status, Worker

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """It stands still, and each question is answered anew."""
    monkeypatch.setattr(prometheus, "REMEMBER_SECONDS", 0)
    hide_real_workers(monkeypatch)
    cache.clear()
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock
    cache.clear()


@pytest.fixture
def worker() -> Worker:
    return living_worker()


def ended(*, at: datetime | None = None, **fields: object) -> Simulation:
    """A run of 0.02 s that succeeded a minute ago."""
    at = at or timezone.now() - timedelta(minutes=1)
    facts = {"queued_at": at, "started_at": at, "finished_at": at, "run_seconds": 0.02}
    return simulation(**facts | {"status": Status.SUCCEEDED, "rows": 1} | fields)


class Scraped:
    """What Prometheus reads."""

    def __init__(self, client: Client, **request: Any) -> None:
        answer = client.get("/metrics", **request)
        assert answer.status_code == 200, answer.content
        families = text_string_to_metric_families(answer.content.decode())
        self.samples = [sample for family in families for sample in family.samples]

    def value(self, name: str, **labels: str) -> float:
        return next(s.value for s in self.samples if (s.name, s.labels) == (f"fmugateway_{name}", labels))

    @property
    def succeeded(self) -> float:
        return self.value("runs_total", outcome="succeeded", code="", kind="guest")


def test_runs_are_counted_by_outcome(client: Client) -> None:
    ended()
    ended()
    ended(status=Status.FAILED, error_code="timeout", is_sample=True, queued_at=NOON - timedelta(seconds=63))
    scraped = Scraped(client)
    assert scraped.succeeded == 2
    assert scraped.value("runs_total", outcome="failed", code="timeout", kind="sample") == 1
    assert scraped.value("run_seconds_count") == 3
    assert scraped.value("run_seconds_sum") == pytest.approx(0.06)
    assert scraped.value("run_seconds_bucket", le="0.01") == 0
    assert scraped.value("run_seconds_bucket", le="0.025") == 3
    assert scraped.value("queue_seconds_bucket", le="0.01") == 2
    assert scraped.value("queue_seconds_bucket", le="5.0") == 3
    assert scraped.value("queue_seconds_sum") == pytest.approx(3)


def test_what_alerts_wait_for_is_there_before_it_happens(client: Client) -> None:
    """Prometheus sees no increase in a series that begins with 1, and no fall in one that ends."""
    scraped = Scraped(client)
    assert scraped.value("runs_total", outcome="failed", code="worker_lost", kind="account") == 0
    assert scraped.value("workers", level="FULL") == 0
    assert scraped.value("webhook_failures_total") == 0


def test_counts_go_on_from_where_they_were(client: Client, clock: time_machine.Traveller) -> None:
    """A run of yesterday was counted yesterday; one that ends now is counted when it has settled."""
    ended(at=NOON - timedelta(days=1))
    ended()
    now = ended(at=NOON)
    assert Scraped(client).succeeded == 1
    clock.shift(SETTLED + timedelta(seconds=1))
    assert Scraped(client).succeeded == 2
    now.delete()
    clock.shift(SETTLED)
    assert Scraped(client).succeeded == 2, "What is deleted has been all the same."
    assert Scraped(client).value("run_seconds_count") == 2


def test_counts_survive_midnight(client: Client, clock: time_machine.Traveller) -> None:
    ended()
    Scraped(client)
    clock.shift(timedelta(hours=13))
    ended()
    assert Scraped(client).succeeded == 2


def test_a_cache_that_is_away_is_no_reason_to_say_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **options: object) -> None:
        raise ConnectionError("no route to Redis")

    monkeypatch.setattr(cache, "get", away)
    monkeypatch.setattr(cache, "set", away)
    ended()
    assert Scraped(client).succeeded == 1


def test_the_queue_and_the_workers_are_told(client: Client, worker: Worker) -> None:
    simulation(queued_at=timezone.now() - timedelta(seconds=60))
    scraped = Scraped(client)
    assert scraped.value("going_runs", status="queued") == 1
    assert scraped.value("queue_oldest_seconds") >= 60
    assert scraped.value("workers", level="FULL") == 1
    assert scraped.value("cage_starts_total", worker="host:1") == 3


def test_a_worker_that_takes_no_runs_is_not_one_of_them(client: Client) -> None:
    Worker.objects.create(name="host:1", cage_level="FULL", takes_runs=False, seen_at=timezone.now())
    assert Scraped(client).value("workers", level="FULL") == 0


def test_money_is_told_by_kind(client: Client) -> None:
    buyer = User.objects.create_user("buyer@example.com")
    sale("pack_10", NOON - timedelta(days=1), amount=900, fee=33, user=buyer)
    sale("pack_10", NOON, amount=1000, fee=35, user=buyer)
    sale("pack_10", NOON, amount=500, fee=20, user=buyer, refunded=(NOON, 500))
    scraped = Scraped(client)
    assert scraped.value("cash_minor_units_total", kind="payment", currency="gbp", live="false") == 1500
    assert scraped.value("cash_minor_units_total", kind="refund", currency="gbp", live="false") == 500


def test_webhooks_that_failed_are_counted_once(client: Client, clock: time_machine.Traveller) -> None:
    webhook()
    webhook(valid=False)
    webhook(exception="ValueError")
    for _ in range(2):
        clock.shift(SETTLED + timedelta(seconds=1))
        assert Scraped(client).value("webhook_failures_total") == 2


def test_the_sweep_says_when_it_last_went_well(client: Client) -> None:
    assert Scraped(client).value("sweep_success_timestamp_seconds") == 0
    sweeping.sweep([])
    assert Scraped(client).value("sweep_success_timestamp_seconds") == NOON.timestamp()


def test_metrics_are_hidden_from_other_networks(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 403


def test_metrics_are_hidden_from_what_comes_through_a_proxy(client: Client) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403


def test_metrics_open_with_their_token_from_anywhere(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "a-secret"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    assert Scraped(client, headers={"Authorization": "Bearer a-secret"}, REMOTE_ADDR="203.0.113.7").samples
