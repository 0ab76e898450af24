"""What the sweep does about simulations: runs whose worker died, tasks that got lost, what nobody paid for."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from simulations.models import Fmu, Simulation, Status
from simulations.services.execution import ATTEMPTS
from simulations.services.finish import fail
from simulations.services.queue import enqueue_check, enqueue_run
from simulations.services.transition import transition

log = logging.getLogger(__name__)

# A queued run whose task was lost between commit and enqueue, or with its broker.
LOST_TASK_SECONDS = 120
LOST_CHECK_SECONDS = 120


def recover_lost_runs() -> int:
    """Queue each run whose lease ended once more; fail it the second time. How many there were."""
    lost = Simulation.objects.filter(status=Status.RUNNING, lease_expires_at__lt=timezone.now())
    return sum(_recover(simulation) for simulation in lost.light())


def requeue_lost_tasks() -> int:
    """Enqueue again what has been queued for long while no task for it may exist. A second task finds nothing to do."""
    since = timezone.now() - timedelta(seconds=LOST_TASK_SECONDS)
    lost = Simulation.objects.filter(status=Status.QUEUED, queued_at__lt=since)
    for simulation in lost.light():
        if Simulation.objects.filter(pk=simulation.pk, status=Status.QUEUED).update(queued_at=timezone.now()):
            enqueue_run(simulation)
    return lost.count()


def recheck_lost_uploads() -> None:
    """Look again into FMUs whose look was lost with its worker."""
    since = timezone.now() - timedelta(seconds=LOST_CHECK_SECONDS)
    for fmu in Fmu.objects.filter(status=Fmu.Status.CHECKING, created_at__lt=since).defer("inspection"):
        enqueue_check(fmu)


def expire_unpaid() -> int:
    """Close what nobody paid for in time."""
    since = timezone.now() - timedelta(days=settings.UNUSED_PAYMENT_REFUND_DAYS)
    unpaid = Simulation.objects.filter(status=Status.AWAITING_PAYMENT, created_at__lt=since)
    return sum(transition(simulation, to=Status.EXPIRED) for simulation in unpaid.light())


def _recover(simulation: Simulation) -> bool:
    if simulation.cancel_requested_at:
        return _cancel(simulation)
    if simulation.attempts >= ATTEMPTS:
        message = "The worker that ran this simulation was lost, twice. That is our fault; nothing was charged."
        return fail(simulation, "worker_lost", message, source=Status.RUNNING)
    with transaction.atomic():
        back = transition(
            simulation, to=Status.QUEUED, source=Status.RUNNING, held_by=simulation.claimed_by, started_at=None
        )
        if back:
            enqueue_run(simulation)
    log.warning("simulation=%s code=worker_lost attempt=%s", simulation.public_id, simulation.attempts)
    return back


def _cancel(simulation: Simulation) -> bool:
    return fail(
        simulation, "canceled", "Canceled while its worker was lost; nothing was charged.", source=Status.RUNNING
    )
