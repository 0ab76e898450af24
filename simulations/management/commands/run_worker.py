"""One worker process: a warm cage, then whatever is in the queue. Start one a core."""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections, connection
from django.tasks import task_backends
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from simulations.fmi.cage.door import CageUnavailable
from simulations.services import engine, scratch, watch, workers
from simulations.services.bell import Bell

log = logging.getLogger(__name__)

# How long a run waits that no bell told of: one that another machine queued. Idles at no CPU to speak of.
INTERVAL_SECONDS = 0.05
HEARTBEAT_SECONDS = 10
CAGE_RETRY_SECONDS = 10
DATABASE_RETRY_SECONDS = 1


class Command(BaseCommand):
    help = "Run queued simulations in a warm cage until SIGTERM; the run in hand is finished or handed back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queues", default="*", help="intake: only what is short and waited for.")

    def handle(self, *args: Any, **options: Any) -> None:
        watch.stopping.clear()
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, _stop)
        scratch.delete_left_over()
        try:
            queues = options["queues"].split(",")
            takes_runs = not {"*", "default"}.isdisjoint(queues)
            if _warm_up(takes_runs):
                with _heartbeat(takes_runs):
                    _work(queues)
        finally:
            engine.close()
            workers.withdraw()


def _work(queues: list[str]) -> None:
    """Take tasks from whatever carries them: a broker's backend knows how by itself, the database's has a loop."""
    backend = task_backends["default"]
    if hasattr(backend, "work"):
        backend.work(name=workers.this_worker(), queues=queues, stopping=watch.stopping)
        return
    loop = CagedWorker(queues)
    loop.configure_signals()
    # A signal that came before was only noted.
    loop.running = not watch.stopping.is_set()
    loop.run()


def _stop(*args: object, **kwargs: object) -> None:
    watch.stopping.set()


class CagedWorker(Worker):
    """django-tasks-db's worker with a loop that a bell wakes; a signal also reaches the run in hand."""

    def __init__(self, queues: list[str]) -> None:
        super().__init__(
            queue_names=queues,
            interval=INTERVAL_SECONDS,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=workers.this_worker()[:64],
            excluded_queue_names=[],
        )

    def run(self) -> None:
        bell = Bell()
        try:
            while self.running:
                close_old_connections()
                if not self._work_on_something():
                    bell.wait(INTERVAL_SECONDS)
        finally:
            bell.close()

    def _work_on_something(self) -> bool:
        """Whether there was anything. A database that is away or full is waited for: the warm cage stays."""
        try:
            task = self._claimed()
            if task:
                self._run_and_note(task)
        except OperationalError as error:
            log.warning("code=database_away %s", error)
            watch.stopping.wait(DATABASE_RETRY_SECONDS)
            return False
        return task is not None

    def _run_and_note(self, task: DBTaskResult[..., Any]) -> None:
        """A task that was deleted meanwhile is done all the same: only the note of it has no place any more."""
        try:
            self.run_task(task)
        except DBTaskResult.NotUpdated:
            log.warning("code=task_deleted task=%s", task.pk)

    def _claimed(self) -> DBTaskResult[..., Any] | None:
        """The most urgent task, for this worker alone. Looks first without a lock: SQLite has one for all writers."""
        ready = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        if not self.process_all_queues:
            ready = ready.filter(queue_name__in=self.queue_names)
        if not ready.exists():
            return None
        with exclusive_transaction(ready.db):
            task: DBTaskResult[..., Any] | None = ready.get_locked()
            if task is not None:
                task.claim(self.worker_id)
        return task

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """The first signal lets the run in hand end: leaving from here could drop a task just claimed."""
        watch.stopping.set()
        if not self.running:
            super().shutdown(signum, frame)
        self.running = False


def _warm_up(takes_runs: bool) -> bool:
    """Start the cage. While it cannot be started, say so and try again; False when told to stop."""
    while not watch.stopping.is_set():
        try:
            level = engine.cage().level
        except CageUnavailable as error:
            log.warning("cage unavailable: %s", error)
            workers.announce(level="", takes_runs=takes_runs, reason=str(error))
            watch.stopping.wait(CAGE_RETRY_SECONDS)
        else:
            workers.announce(level=level, takes_runs=takes_runs)
            return True
    return False


@contextlib.contextmanager
def _heartbeat(takes_runs: bool) -> Iterator[None]:
    """Say every few seconds that this worker is alive, whatever it is busy with."""
    ended = threading.Event()
    thread = threading.Thread(target=_beat, args=(ended, engine.cage().level, takes_runs), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(ended: threading.Event, level: str, takes_runs: bool) -> None:
    while not ended.wait(HEARTBEAT_SECONDS):
        try:
            workers.announce(level=level, takes_runs=takes_runs, cage_starts=engine.cage().starts)
        except Exception:  # a database that is away for a while must not end the heartbeat
            log.exception("heartbeat")
            connection.close()
    connection.close()
