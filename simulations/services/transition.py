"""The only way a simulation's status changes: a conditional UPDATE, so that of two who try one wins."""

from __future__ import annotations

import logging
from typing import Any

from django.db.models import Q
from django.utils import timezone

from simulations.models import FINAL, Simulation, Status
from simulations.services import news

log = logging.getLogger(__name__)

SOURCES: dict[Status, tuple[Status, ...]] = {
    Status.QUEUED: (Status.AWAITING_PAYMENT, Status.RUNNING),
    Status.RUNNING: (Status.QUEUED,),
    Status.SUCCEEDED: (Status.RUNNING,),
    Status.FAILED: (Status.QUEUED, Status.RUNNING),
    Status.CANCELED: (Status.AWAITING_PAYMENT, Status.QUEUED, Status.RUNNING),
    Status.EXPIRED: (Status.AWAITING_PAYMENT,),
}


def transition(
    simulation: Simulation, *, to: Status, source: Status | None = None, only: Q | None = None, **fields: Any
) -> bool:
    """Move to `to` and set `fields`, if the row is still where this is allowed. Whether it was.

    source: only from this status. only: and if this still holds of the row.
    """
    sources = (source,) if source else SOURCES.get(to, ())
    rows = Simulation.objects.filter(only or Q(), pk=simulation.pk, status__in=sources)
    values = _times(to) | fields
    if not rows.update(status=to, **values):
        return False
    for name, value in {"status": to, **values}.items():
        setattr(simulation, name, value)
    if to in FINAL:
        news.tell(simulation.public_id)
    log.info("simulation=%s status=%s code=%s", simulation.public_id, to, simulation.error_code)
    return True


def _times(to: Status) -> dict[str, Any]:
    now = timezone.now()
    if to == Status.QUEUED:
        return {"queued_at": now, "claimed_by": "", "lease_expires_at": None, "progress": 0.0}
    if to == Status.RUNNING:
        return {"started_at": now}
    return {"finished_at": now, "lease_expires_at": None} if to in FINAL else {}
