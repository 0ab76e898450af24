"""The queue beyond one machine, with a real Redis and a real worker process of Celery."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from fmugateway.testing.servers import Redis

_BEGIN = "import django; django.setup()\nfrom fmugateway.tests.echo_tasks import *\n"
_WORK = (
    "from threading import Event; from django.tasks import default_task_backend as b; stopping = Event(); {first}"
    "b.work(name='w@x', queues={queues}, stopping=stopping); print('stopping', stopping.is_set())"
)


@dataclass(frozen=True)
class Queue:
    """A broker, and a file that the tasks write into."""

    redis: Redis
    notes: Path

    def start(self, code: str) -> subprocess.Popen[str]:
        """A process of ours that has this broker."""
        variables = {"TASKS_BROKER_URL": self.redis.url(), "DJANGO_SETTINGS_MODULE": "fmugateway.settings"}
        return subprocess.Popen(
            [sys.executable, "-c", _BEGIN + code],
            cwd=settings.BASE_DIR,
            env=os.environ | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, code: str) -> str:
        """What it prints."""
        process = self.start(code)
        output = process.communicate(timeout=60)[0]
        assert process.returncode == 0, output
        return output

    def lines(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    redis = Redis(tmp_path)
    redis.start()
    yield Queue(redis, tmp_path / "notes")
    redis.stop()


@pytest.fixture
def worker(queue: Queue) -> Iterator[subprocess.Popen[str]]:
    process = queue.start(_WORK.format(first="", queues=["*"]))
    yield process
    process.kill()
    process.communicate()


def test_the_most_urgent_task_is_done_first(queue: Queue) -> None:
    queue.run(
        f"for priority in (0, -100, 100, 50): note.using(priority=priority).enqueue('{queue.notes}', str(priority))\n"
        f"note.using(queue_name='intake', priority=75).enqueue('{queue.notes}', 'intake')"
    )
    worker = queue.start(_WORK.format(first="", queues=["*"]))
    _await(lambda: len(queue.lines()) == 5)
    worker.terminate()
    worker.communicate(timeout=30)
    assert queue.lines() == ["100", "intake", "50", "0", "-100"]


def test_a_worker_for_short_tasks_leaves_the_long_ones(queue: Queue) -> None:
    queue.run(
        f"note.enqueue('{queue.notes}', 'long')\nnote.using(queue_name='intake').enqueue('{queue.notes}', 'short')\n"
        f"note.using(queue_name='intake', priority=-100).enqueue('{queue.notes}', 'last')"
    )
    worker = queue.start(_WORK.format(first="", queues=["intake"]))
    _await(lambda: "last" in queue.lines())
    worker.terminate()
    worker.communicate(timeout=30)
    assert queue.lines() == ["short", "last"]


def test_waiting_tasks_are_counted(queue: Queue) -> None:
    count = "from django.tasks import default_task_backend as b; print('waiting', b.waiting())"
    assert "waiting 0" in queue.run(count)
    queue.run(f"for _ in range(3): note.enqueue('{queue.notes}', 'x')")
    assert "waiting 3" in queue.run(count)


def test_a_worker_that_is_told_to_stop_finishes_its_task(queue: Queue, worker: subprocess.Popen[str]) -> None:
    queue.run(f"note_slowly.enqueue('{queue.notes}', 'slow')")
    _await(lambda: "slow begins" in queue.lines())
    worker.terminate()
    output = worker.communicate(timeout=30)[0]
    assert "stopping True" in output
    assert queue.lines() == ["slow begins", "slow ends"]


def test_a_worker_that_is_told_to_stop_before_it_listens_stops_all_the_same(queue: Queue) -> None:
    queue.run(_WORK.format(first="stopping.set(); ", queues=["*"]))


def test_a_task_of_a_killed_worker_stays_with_the_broker(queue: Queue, worker: subprocess.Popen[str]) -> None:
    queue.run(f"note_slowly.enqueue('{queue.notes}', 'slow')")
    _await(lambda: "slow begins" in queue.lines())
    worker.kill()
    worker.wait()
    unacked = "app.connection().default_channel.client.hlen('unacked')"
    assert queue.run(f"from fmugateway.celery import app; print('unacked', {unacked})") == "unacked 1\n"


def test_the_broker_cannot_make_a_worker_call_anything_but_a_task(queue: Queue, worker: subprocess.Popen[str]) -> None:
    forged = "from fmugateway.celery import carry\nfor path in ('os.remove', 'fmugateway.tests.echo_tasks.not_a_task'):"
    queue.run(f"{forged} carry.delay(path, ['{queue.notes}'], {{}})\nnote.enqueue('{queue.notes}', 'alive')")
    _await(lambda: bool(queue.lines()))
    assert queue.lines() == ["alive"]


def test_a_broker_that_is_away_does_not_fail_the_request(queue: Queue) -> None:
    queue.redis.stop()
    assert "broker_away" in queue.run(f"print(note.enqueue('{queue.notes}', 'x').status)")


def _await(happened: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)
