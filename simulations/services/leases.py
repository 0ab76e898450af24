"""Who has a run, and for how long without a sign of life."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from fmugateway.prepared import Given, Prepared
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
    simulation = _QUEUED.first(pk=simulation_pk)
    if simulation is None:
        return None
    taken = transition(
        simulation,
        to=Status.RUNNING,
        only={"attempts": simulation.attempts},
        claimed_by=this_worker(),
        lease_expires_at=expiry(),
        attempts=simulation.attempts + 1,
    )
    return simulation if taken else None


_QUEUED = Prepared(lambda: Simulation.objects.filter(pk=Given("pk"), status=Status.QUEUED))


def mine() -> dict[str, str]:
    """Of a row: while this worker has it."""
    return {"claimed_by": this_worker()}


def renew(simulation: Simulation, **fields: float) -> bool:
    """Keep the run, and note how far it is. False when it was taken away."""
    kept = Simulation.objects.filter(**mine(), pk=simulation.pk, status=Status.RUNNING)
    return bool(kept.update(lease_expires_at=expiry(), **fields))
