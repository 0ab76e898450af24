"""The backend of django.tasks that gives its tasks to Celery."""

from __future__ import annotations

import logging
from threading import Event
from typing import Any
from uuid import uuid4

from celery.signals import setup_logging, worker_ready, worker_shutting_down
from celery.worker import state
from django.tasks import Task, TaskResult, TaskResultStatus
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.signals import task_enqueued
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError

from fmugateway.celery import QUEUES, app, carry, urgency

log = logging.getLogger(__name__)


class CeleryBackend(BaseTaskBackend):
    """Results are not kept: what a task did stands in the rows that it changed."""

    supports_priority = True
    supports_defer = True

    def enqueue[**P, R](self, task: Task[P, R], args: list[Any], kwargs: dict[str, Any]) -> TaskResult[P, R]:
        """Publish the task. A broker that is away loses nothing: the sweep publishes what rows still wait for."""
        self.validate_task(task)
        result = _result(self.alias, task, args, kwargs)
        try:
            _publish(result)
        except OperationalError as error:
            log.error("task=%s code=broker_away %s", task.name, error)  # noqa: TRY400  its trace says nothing more
        task_enqueued.send(type(self), task_result=result)
        return result

    def waiting(self) -> int:
        """How many tasks are waiting for a worker. Raises kombu's OperationalError when the broker is away."""
        with app.connection_for_read() as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
            return sum(_waiting_in(connection.default_channel, queue) for queue in QUEUES)

    def work(self, *, name: str, queues: list[str], stopping: Event) -> None:
        """Take tasks and do them, one at a time, until SIGTERM, which sets `stopping` while the last one goes on.

        queues: names of QUEUES, or ["*"].
        """
        setup_logging.connect(_leave_logging_alone)
        worker_shutting_down.connect(lambda **_: stopping.set(), weak=False)
        worker_ready.connect(lambda **_: _stop_if(stopping), weak=False)
        worker = app.Worker(
            hostname=name,
            pool="solo",
            concurrency=1,
            queues=QUEUES if queues == ["*"] else queues,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            quiet=True,
        )
        worker.start()


def _result[**P, R](alias: str, task: Task[P, R], args: list[Any], kwargs: dict[str, Any]) -> TaskResult[P, R]:
    return TaskResult(
        task=task,
        id=uuid4().hex,
        status=TaskResultStatus.READY,
        enqueued_at=timezone.now(),
        started_at=None,
        finished_at=None,
        last_attempted_at=None,
        args=args,
        kwargs=kwargs,
        backend=alias,
        errors=[],
        worker_ids=[],
    )


def _publish(result: TaskResult[..., Any]) -> None:
    task = result.task
    carry.apply_async(
        (task.module_path, result.args, result.kwargs),
        task_id=result.id,
        queue=task.queue_name,
        priority=urgency(task.priority),
        eta=task.run_after,
    )


def _waiting_in(channel: Any, queue: str) -> int:
    try:
        return int(channel.queue_declare(queue, passive=True).message_count)
    except ChannelError:
        return 0  # nobody has put anything into it yet


def _stop_if(stopping: Event) -> None:
    """A signal that came before Celery listened for it was only noted."""
    if stopping.is_set():
        state.should_stop = 0


def _leave_logging_alone(**kwargs: Any) -> None:
    """Whoever listens to setup_logging keeps Celery from configuring it."""
