"""Rate limits count exactly: in the cache of the settings, in a table and in Redis."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings
from pytest_django import Settings

from accounts import rates
from fmugateway.database_cache import CountingDatabaseCache
from fmugateway.testing.servers import Redis
from simulations.visitor import Visitor

AT_ONCE = 8
EACH = 25


@pytest.fixture
def table(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[CountingDatabaseCache]:
    """The cache in a table of the database of the tests: SQLite here, PostgreSQL there."""
    cache = CountingDatabaseCache("rates_cache", {})
    call_command("createcachetable", "rates_cache", verbosity=0)
    monkeypatch.setattr(rates, "cache", cache)
    yield cache
    cache.clear()


@pytest.fixture
def redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    server = Redis(tmp_path)
    server.start()
    redis = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": server.url()}}
    with override_settings(CACHES=redis):
        yield server
    server.stop()


@pytest.fixture(params=["table", "redis"])
def anywhere(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(request.param)


@pytest.fixture(autouse=True)
def one_minute(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """No test crosses into the next window."""
    monkeypatch.setattr(rates, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"anonymous": AT_ONCE * EACH}


def spend(address: str = "192.0.2.1") -> int:
    return rates.spend("anonymous", Visitor(address=address)).used


@pytest.mark.usefixtures("anywhere")
def test_of_many_requests_at_once_none_is_forgotten() -> None:
    together = Barrier(AT_ONCE)

    def ask(_: int) -> list[int]:
        together.wait()
        try:
            return [spend() for _ in range(EACH)]
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        counted = [number for numbers in threads.map(ask, range(AT_ONCE)) for number in numbers]
    assert sorted(counted) == list(range(1, AT_ONCE * EACH + 1))
    with pytest.raises(rates.TooManyRequests):
        spend()


@pytest.mark.usefixtures("anywhere")
def test_a_request_that_is_given_back_does_not_count() -> None:
    spend()
    rates.give_back(rates.spend("anonymous", Visitor(address="192.0.2.1")))
    assert spend() == 2


@pytest.mark.usefixtures("anywhere")
def test_one_network_of_ipv6_counts_as_one() -> None:
    assert [spend("2001:db8:0:1::1"), spend("2001:db8:0:1:ffff::2"), spend("2001:db8:0:2::1")] == [1, 2, 1]


def test_a_cache_that_is_away_limits_nobody(redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    counted = rates.spend("anonymous", Visitor(address="192.0.2.1"))
    redis.stop()
    assert spend() == 0
    rates.give_back(counted)
    assert "code=cache_away" in caplog.text


def test_more_askers_than_djangos_300_are_all_remembered(table: CountingDatabaseCache) -> None:
    everybody = [f"198.18.{number // 250}.{number % 250}" for number in range(400)]
    for address in everybody:
        spend(address)
    assert {spend(address) for address in everybody} == {2}


def test_the_table_forgets_what_has_ended_and_nothing_else(table: CountingDatabaseCache) -> None:
    table.set("ended", 1, timeout=-5)
    table.set("live", 1, timeout=60)
    assert table.prune() == 1
    assert table.incr("live", 2) == table.get("live") == 3
    with pytest.raises(ValueError, match="not found"):
        table.incr("ended")
