"""One worker process: a warm cage, then whatever is in the queue. Start one a core."""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.tasks import task_backends
from django_tasks_db.management.commands.db_worker import Worker

from simulations.fmi.cage.door import CageUnavailable
from simulations.services import engine, watch, workers

log = logging.getLogger(__name__)

# Measured on SQLite: adds 24 ms at the median and idles at no CPU to speak of.
INTERVAL_SECONDS = 0.05
HEARTBEAT_SECONDS = 10
CAGE_RETRY_SECONDS = 10


class Command(BaseCommand):
    help = "Run queued simulations in a warm cage until SIGTERM; the run in hand is finished or handed back."

    def handle(self, *args: Any, **options: Any) -> None:
        watch.stopping.clear()
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, _stop)
        try:
            if _warm_up():
                with _heartbeat():
                    _work()
        finally:
            engine.close()
            workers.withdraw()


def _work() -> None:
    """Take tasks from whatever carries them: a broker's backend knows how by itself, the database's has a loop."""
    backend = task_backends["default"]
    if hasattr(backend, "work"):
        backend.work(name=workers.this_worker(), on_stop=_stop)
        return
    loop = CagedWorker()
    loop.configure_signals()
    loop.run()


def _stop(*args: object, **kwargs: object) -> None:
    watch.stopping.set()


class CagedWorker(Worker):
    """django-tasks-db's loop without its pause at the start; a signal also reaches the run in hand."""

    def __init__(self) -> None:
        super().__init__(
            queue_names=["*"],
            interval=INTERVAL_SECONDS,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=workers.this_worker()[:64],
            excluded_queue_names=[],
        )

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        watch.stopping.set()
        super().shutdown(signum, frame)


def _warm_up() -> bool:
    """Start the cage. While it cannot be started, say so and try again; False when told to stop."""
    while not watch.stopping.is_set():
        try:
            level = engine.cage().level
        except CageUnavailable as error:
            log.warning("cage unavailable: %s", error)
            workers.announce(level="", reason=str(error))
            watch.stopping.wait(CAGE_RETRY_SECONDS)
        else:
            workers.announce(level=level)
            return True
    return False


@contextlib.contextmanager
def _heartbeat() -> Iterator[None]:
    """Say every few seconds that this worker is alive, whatever it is busy with."""
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(ended, engine.cage().level), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(ended: threading.Event, level: str) -> None:
    while not ended.wait(HEARTBEAT_SECONDS):
        try:
            workers.announce(level=level, cage_starts=engine.cage().starts)
        except Exception:  # a database that is away for a while must not end the heartbeat
            log.exception("heartbeat")
            connection.close()
    connection.close()
