"""The Celery application: what carries tasks between machines when TASKS_BROKER_URL is set.

`task_backend` puts tasks in, `manage.py run_worker` takes them out. One task of Celery carries all of django.tasks'.
"""

from __future__ import annotations

from typing import Any

from celery import Celery
from django.conf import settings
from django.db import close_old_connections
from django.tasks import Task
from django.utils.module_loading import import_string
from kombu.entity import Queue

QUEUES = sorted(settings.TASKS["default"]["QUEUES"])
# Redis knows ten steps of urgency when told to, RabbitMQ as many as the queue is declared with.
STEPS = 10
REDIS = settings.TASKS_BROKER_URL.startswith(("redis", "sentinel"))
# Longer than any run. A worker that died is noticed by its lease long before; this only empties Redis of its messages.
VISIBILITY_SECONDS = 3600

_REDIS_OPTIONS = {
    "visibility_timeout": VISIBILITY_SECONDS,
    "priority_steps": list(range(STEPS)),
    "queue_order_strategy": "priority",
    # Without these a request would hang on a broker that went away, instead of answering and leaving it to the sweep.
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}

# Celery's own Django fixup opens a new database connection for each task, 4 ms on PostgreSQL; see `carry`.
app = Celery("fmugateway", broker=settings.TASKS_BROKER_URL, fixups=[])
app.conf.update(
    task_queues=[Queue(name, max_priority=STEPS - 1) for name in QUEUES],  # type: ignore[no-untyped-call]
    task_default_queue=QUEUES[0],
    task_ignore_result=True,
    # The message stays with the broker until the work is done, and a worker holds no second one meanwhile.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_publish_retry_policy={"max_retries": 2, "interval_start": 0.05, "interval_step": 0.2, "interval_max": 0.5},
    broker_transport_options=_REDIS_OPTIONS if REDIS else {},
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # Only our own logging configuration counts, and only our own messages are read.
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    accept_content=["json"],
    worker_enable_remote_control=False,
    worker_send_task_events=False,
)


@app.task(name="fmugateway.carry")  # type: ignore[untyped-decorator]  # Celery has no types
def carry(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Call the @task at `path`. Raises TypeError for anything else, whoever put it into the broker."""
    task = import_string(path)
    if not isinstance(task, Task):
        raise TypeError(f"{path} is not a task.")
    close_old_connections()
    try:
        task.call(*args, **kwargs)
    finally:
        close_old_connections()


def urgency(priority: int) -> int:
    """django.tasks' -100..100 as a step of the broker. Redis serves 0 first, AMQP the highest."""
    step = round((100 - priority) * (STEPS - 1) / 200)
    return step if REDIS else STEPS - 1 - step
