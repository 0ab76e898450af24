"""What the sweep does about simulations: runs whose worker died, tasks that got lost, what nobody paid for."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from simulations.models import Fmu, Simulation, Status
from simulations.models.simulation import SimulationQuerySet
from simulations.services import charging
from simulations.services.execution import ATTEMPTS
from simulations.services.finish import fail
from simulations.services.queue import enqueue_check, enqueue_run, tasks_waiting
from simulations.services.retention import BATCH
from simulations.services.transition import transition

log = logging.getLogger(__name__)

# Between a commit and its task lie milliseconds; who queued for longer should have one.
LOST_TASK_SECONDS = 10
LOST_CHECK_SECONDS = 120
LOST_TWICE = "The worker that ran this simulation was lost, twice. That is our fault; nothing was charged."


def recover_lost_runs() -> int:
    """Queue each run whose lease ended once more; fail it the second time. How many there were."""
    return sum(_recover(pk) for pk in list(_lost().values_list("pk", flat=True)))


def requeue_lost_tasks() -> int:
    """Enqueue again what is queued when there are fewer tasks than runs: a process died between commit and enqueue,
    or the broker lost what it held. Of two tasks for one run the second finds nothing to do.
    """
    since = timezone.now() - timedelta(seconds=LOST_TASK_SECONDS)
    queued = Simulation.objects.filter(status=Status.QUEUED)
    lost = queued.filter(queued_at__lt=since)
    if not lost.exists() or tasks_waiting() >= queued.count():
        return 0
    found = list(lost.light())
    for simulation in found:
        if queued.filter(pk=simulation.pk).update(queued_at=timezone.now()):
            enqueue_run(simulation)
    return len(found)


def recheck_lost_uploads() -> int:
    """Look again into FMUs whose look was lost with its worker, each once in LOST_CHECK_SECONDS."""
    since = timezone.now() - timedelta(seconds=LOST_CHECK_SECONDS)
    lost = Fmu.objects.filter(status=Fmu.Status.CHECKING, created_at__lt=since).defer("inspection")
    return sum(_recheck(fmu) for fmu in lost)


def expire_unpaid() -> int:
    """Close what nobody paid for in time."""
    since = timezone.now() - timedelta(days=settings.UNUSED_PAYMENT_REFUND_DAYS)
    unpaid = Simulation.objects.filter(status=Status.AWAITING_PAYMENT, created_at__lt=since)
    return sum(transition(simulation, to=Status.EXPIRED) for simulation in unpaid.light()[:BATCH])


def _lost() -> SimulationQuerySet:
    return Simulation.objects.filter(status=Status.RUNNING, lease_expires_at__lt=timezone.now())


def _recover(pk: int) -> bool:
    """Its row is locked first: a worker whose database was away for a while may renew its lease at this moment."""
    with transaction.atomic():
        simulation = _lost().light().select_for_update().filter(pk=pk).first()
        if simulation is None:
            return False
        if simulation.cancel_requested_at:
            return _cancel(simulation)
        if simulation.attempts >= ATTEMPTS:
            return fail(simulation, "worker_lost", LOST_TWICE, source=Status.RUNNING)
        return _queue_again(simulation)


def _queue_again(simulation: Simulation) -> bool:
    back = transition(simulation, to=Status.QUEUED, source=Status.RUNNING, started_at=None)
    if back:
        enqueue_run(simulation)
        log.warning("simulation=%s code=worker_lost attempt=%s", simulation.public_id, simulation.attempts)
    return back


def _cancel(simulation: Simulation) -> bool:
    """What its owner wanted to be stopped has stopped; that our worker died is not to be paid for."""
    message = "Canceled while its worker was lost; nothing was charged."
    canceled = transition(
        simulation, to=Status.CANCELED, source=Status.RUNNING, error_code="canceled", error_message=message
    )
    if canceled:
        charging.settle(simulation, charge=False)
    return canceled


def _recheck(fmu: Fmu) -> bool:
    """Not while the last attempt may still be waiting for a worker: a long queue must not get longer by itself."""
    if not cache.add(f"recheck:{fmu.pk}", 1, LOST_CHECK_SECONDS):
        return False
    enqueue_check(fmu)
    return True
