"""Who has a run, and for how long without a sign of life."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from simulations.models import Simulation, Status
from simulations.services.transition import transition
from simulations.services.workers import this_worker

# A run whose worker was killed is back in the queue within this and one turn of the sweep.
LEASE_SECONDS = 9
RENEW_SECONDS = 2


def expiry() -> datetime:
    return timezone.now() + timedelta(seconds=LEASE_SECONDS)


def claim(simulation_pk: int) -> Simulation | None:
    """Take a queued run for this worker. None when it is not queued any more, or another one was faster."""
    simulation = Simulation.objects.filter(pk=simulation_pk, status=Status.QUEUED).first()
    if simulation is None:
        return None
    taken = transition(
        simulation,
        to=Status.RUNNING,
        claimed_by=this_worker(),
        lease_expires_at=expiry(),
        attempts=F("attempts") + 1,
    )
    if not taken:
        return None
    simulation.refresh_from_db(fields=["attempts"])
    return simulation


def renew(simulation: Simulation, **fields: float) -> bool:
    """Keep the run, and note how far it is. False when it was taken away."""
    mine = Simulation.objects.filter(pk=simulation.pk, status=Status.RUNNING, claimed_by=this_worker())
    return bool(mine.update(lease_expires_at=expiry(), **fields))
