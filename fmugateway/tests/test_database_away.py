"""The web's connections to a real PostgreSQL that is stopped, started, and busy with others."""

from __future__ import annotations

import os
import runpy
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from fmugateway.postgresql import base
from fmugateway.testing.servers import Postgres

POOL = 4
PATIENCE_SECONDS = 60.0
SETTINGS = Path(__file__).parents[1] / "settings.py"

pytestmark = pytest.mark.xdist_group("database_away")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    # pytest's own folders are closed to the user that PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="away-postgres-") as name:
        Path(name).chmod(0o755)
        server = Postgres(Path(name) / "postgres")
        server.start()
        yield server
        server.stop()


@pytest.fixture
def server(cluster: Postgres) -> Postgres:
    """It runs when the test begins, whatever the one before did."""
    cluster.stop()
    cluster.start()
    return cluster


@pytest.fixture
def web(
    server: Postgres, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> Iterator[ConnectionHandler]:
    """The database as a web process has it, a connection for each thread. Patience is as long as no test takes."""
    monkeypatch.setattr(base, "AWAY_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(base, "BUSY_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(base, "KNOWN_SECONDS", 0.0)
    monkeypatch.setattr(base.DatabaseWrapper, "_known_until", 0.0)
    monkeypatch.setattr(base.DatabaseWrapper, "_connection_pools", {})
    handler = ConnectionHandler(_settings(DATABASE_URL=server.url, WEB_SERVER="1", DATABASE_POOL=str(POOL)))
    with django_db_blocker.unblock():
        yield handler
        handler.close_all()
        handler["default"].close_pool()  # type: ignore[attr-defined]


def _settings(**variables: str) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in (os.environ | variables).items():
            patched.setenv(name, value)
        databases: dict[str, Any] = runpy.run_path(str(SETTINGS))["DATABASES"]
    return databases


def _ask(web: ConnectionHandler) -> int:
    """As a request does: a connection, a question, and the connection back."""
    try:
        with web["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
            return int(cursor.fetchone()[0])
    finally:
        web["default"].close()


def _stats(web: ConnectionHandler) -> dict[str, int]:
    found: dict[str, int] = _pool(web["default"]).get_stats()
    return found


def _pool(connection: BaseDatabaseWrapper) -> Any:
    return connection.pool  # type: ignore[attr-defined]


def _await(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _take(web: ConnectionHandler, number: int) -> list[BaseDatabaseWrapper]:
    taken = [web.create_connection("default") for _ in range(number)]
    for connection in taken:
        connection.ensure_connection()
    return taken


def test_a_restart_leaves_no_connection_behind_that_does_not_work(web: ConnectionHandler, server: Postgres) -> None:
    for connection in _take(web, POOL):
        connection.close()
    server.stop()
    server.start()
    failures = _stats(web).get("requests_errors", 0)
    assert [_ask(web) for _ in range(POOL)] == [1] * POOL
    assert _stats(web).get("requests_errors", 0) == failures, "somebody waited in vain"


def test_a_server_that_is_restarted_is_waited_for(web: ConnectionHandler, server: Postgres) -> None:
    _ask(web)
    server.stop()
    with ThreadPoolExecutor() as threads:
        asking = [threads.submit(_ask, web) for _ in range(2 * POOL)]
        _await(lambda: _stats(web).get("requests_errors", 0) >= 2 * POOL)
        server.start()
        assert [asked.result() for asked in asking] == [1] * 2 * POOL


def test_a_server_that_stays_away_is_not_waited_for_by_those_who_come_later(
    web: ConnectionHandler, server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "AWAY_SECONDS", 0.0)
    monkeypatch.setattr(base, "KNOWN_SECONDS", PATIENCE_SECONDS)
    server.stop()
    with pytest.raises(OperationalError, match="couldn't get a connection"):
        _ask(web)
    monkeypatch.setattr(base, "AWAY_SECONDS", PATIENCE_SECONDS)
    with pytest.raises(OperationalError, match="a moment ago"):
        _ask(web)


def test_a_server_that_was_away_for_long_is_asked_again_at_once(
    web: ConnectionHandler, server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask(web)
    server.stop()
    monkeypatch.setattr(base, "AWAY_SECONDS", 0.0)
    for _ in range(3):
        with pytest.raises(OperationalError):
            _ask(web)
    server.start()
    failures = _stats(web)["requests_errors"]
    assert _ask(web) == 1
    assert _stats(web)["requests_errors"] == failures, "it waited in vain"


def test_a_connection_that_others_have_is_waited_for_longer(
    web: ConnectionHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "AWAY_SECONDS", 0.0)
    with ThreadPoolExecutor() as threads, ExitStack() as stack:
        for connection in _take(web, POOL):
            stack.callback(connection.close)
        asked = threads.submit(_ask, web)
        _await(lambda: _stats(web).get("requests_errors", 0) > 1)
        assert not asked.done()
        stack.close()
        assert asked.result() == 1


def test_nobody_waits_for_ever_for_a_connection_that_others_have(
    web: ConnectionHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "BUSY_SECONDS", 0.0)
    monkeypatch.setattr(base, "KNOWN_SECONDS", PATIENCE_SECONDS)
    taken = _take(web, POOL)
    with pytest.raises(OperationalError, match="couldn't get a connection"):
        _ask(web)
    for connection in taken:
        connection.close()
    assert _ask(web) == 1, "a busy server is not away"


def test_machine_that_goes_while_it_is_asked_is_given_up_on(web: ConnectionHandler) -> None:
    """The kernel does it; here it is asked for how long it would wait for an answer, and for a sign of life."""
    assert _ask(web) == 1
    web["default"].ensure_connection()
    with socket.socket(fileno=os.dup(web["default"].connection.fileno())) as line:
        unanswered = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) / 1000
        idle, interval, count = (
            line.getsockopt(socket.IPPROTO_TCP, option)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
        )
        assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert (unanswered, idle + interval * count) == (10, 20)
