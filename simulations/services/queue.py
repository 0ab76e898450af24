"""What goes into the queue, after commit, and how urgent it is."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.tasks import DEFAULT_TASK_QUEUE_NAME, Task, task_backends
from django_tasks_db.models import DBTaskResult

from simulations import log_context
from simulations.models import Fmu, Simulation, Status
from simulations.services import bell

# Somebody waits for the look inside before anything else can happen.
INTAKE_PRIORITY = 100
RUN_PRIORITY = 50
# Nobody waits for it.
RECHECK_PRIORITY = -100
MOST_AHEAD = 150
# Looks inside and samples: a worker of their own keeps them from waiting behind long runs.
SHORT = "intake"


def enqueue_run(simulation: Simulation, *, ahead: int | None = None) -> None:
    """Run it as soon as the transaction is committed. ahead: how many runs of its account are going, if known."""
    from simulations.tasks import run_simulation

    queue_name = SHORT if simulation.is_sample else DEFAULT_TASK_QUEUE_NAME
    priority = _run_priority(_going(simulation) if ahead is None else ahead)
    task = run_simulation.using(priority=priority, queue_name=queue_name)
    _on_commit(task, simulation.pk, simulation=simulation.public_id)


def enqueue_check(fmu: Fmu, *, attempt: int = 1) -> None:
    """Look inside as soon as the transaction is committed."""
    from simulations.tasks import check_fmu

    _on_commit(check_fmu, fmu.pk, attempt, fmu=fmu.sha256)


def enqueue_recheck(fmu_pk: int) -> None:
    """Look inside again when there is nothing else to do."""
    from simulations.tasks import recheck_fmu

    _on_commit(recheck_fmu, fmu_pk)


def _on_commit(task: Task[..., None], *args: int, **about: str) -> None:
    """about: what the worker's lines in the log shall say, besides the request that asked for this."""
    # What is committed is accepted: where the queue has no room, the sweep enqueues it later.
    transaction.on_commit(partial(_enqueue, task, *args, **about), robust=True)


def _enqueue(task: Task[..., None], *args: int, **about: str) -> None:
    task.enqueue(*args, log_fields={**log_context.fields(), **about})
    bell.ring()


def tasks_waiting() -> int:
    """How many tasks wait for a worker, whatever carries them."""
    backend = task_backends["default"]
    if hasattr(backend, "waiting"):
        return int(backend.waiting())
    return int(DBTaskResult.objects.ready().count())


def _run_priority(ahead: int) -> int:
    """Fair between accounts: each run that an account has going already makes its next one less urgent."""
    return RUN_PRIORITY - min(ahead, MOST_AHEAD)


def _going(simulation: Simulation) -> int:
    if simulation.user_id is None:
        return 0
    going = Simulation.objects.filter(user=simulation.user_id, status__in=(Status.QUEUED, Status.RUNNING))
    return going.exclude(pk=simulation.pk)[:MOST_AHEAD].count()
