"""What has ended, told to the requests that wait for it, in whichever process of whichever machine they are.

PostgreSQL carries it between machines (LISTEN and NOTIFY), named pipes on the one machine that SQLite is for. One
thread of a process listens for all its requests. Only a shortcut: who waits looks into the database now and then too.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Lock, Thread

import psycopg
from django.conf import settings
from django.db import connection, transaction

from simulations.services import pipes

log = logging.getLogger(__name__)

CHANNEL = "fmugateway_news"
# How long the listener takes to notice that it should stop.
_TURN_SECONDS = 1.0
_AGAIN_SECONDS = 1.0


def tell(name: str) -> None:
    """Wake whoever waits for `name`, once the caller's transaction is committed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, name])
    else:
        transaction.on_commit(partial(pipes.write, _folder(), f"{name}\n".encode()))


@contextmanager
def expected(name: str) -> Iterator[Event]:
    """An event that is set when somebody tells of `name` inside the block; what was told before is not heard."""
    event = Event()
    with _listener.lock:
        _listener.waiting[name].add(event)
        _listener.start()
    try:
        _listener.listening.wait(_AGAIN_SECONDS)
        yield event
    finally:
        with _listener.lock:
            _listener.waiting[name].discard(event)
            if not _listener.waiting[name]:
                del _listener.waiting[name]


def stop_listening() -> None:
    """End this process's thread and its connection. The next who waits starts them again."""
    _listener.stop()


class _Listener:
    """The thread of this process, and who waits for what."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.waiting: defaultdict[str, set[Event]] = defaultdict(set)
        self.listening = Event()
        self._stopping = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._stopping.clear()
            self._thread = Thread(target=self._listen, name="news", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _listen(self) -> None:
        heard = self._by_postgres if connection.vendor == "postgresql" else self._by_pipe
        while not self._stopping.is_set():
            try:
                for name in heard():
                    self._wake(name)
            except Exception as error:  # noqa: BLE001  the database is away: those who wait look for themselves
                log.warning("news code=not_listening %s", error)
                self._stopping.wait(_AGAIN_SECONDS)
            finally:
                self.listening.clear()

    def _wake(self, name: str) -> None:
        with self.lock:
            for event in self.waiting.get(name, ()):
                event.set()

    def _by_postgres(self) -> Iterator[str]:
        # A connection of its own: one of the pool would go on listening after it was given back.
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
            own.execute(f"LISTEN {CHANNEL}")
            self.listening.set()
            while not self._stopping.is_set():
                for notify in own.notifies(timeout=_TURN_SECONDS):
                    yield notify.payload

    def _by_pipe(self) -> Iterator[str]:
        pipe = pipes.Pipe(_folder())
        self.listening.set()
        rest = b""
        try:
            while not self._stopping.is_set():
                *lines, rest = (rest + pipe.read(_TURN_SECONDS)).split(b"\n")
                yield from (line.decode() for line in lines)
        finally:
            pipe.close()


_listener = _Listener()


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "news"
