"""The only way a simulation's status changes: a conditional UPDATE, so that of two who try one wins."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from billing.closing import close_after_commit
from fmugateway.prepared import Given, PreparedUpdate
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
    simulation: Simulation,
    *,
    to: Status,
    source: Status | None = None,
    only: Mapping[str, object] = MappingProxyType({}),
    **fields: Any,
) -> bool:
    """Move to `to` and set `fields`, if the row is still where this is allowed. Whether it was.

    source: only from this status. only: and if these fields of the row still are what is said here.
    """
    sources = (source,) if source else SOURCES.get(to, ())
    values = {"status": to} | _times(to) | fields
    unchanged = {f"only_{name}": value for name, value in only.items()}
    if not sources or not _move(sources, tuple(only), tuple(values)).run(pk=simulation.pk, **unchanged, **values):
        return False
    for name, value in values.items():
        setattr(simulation, name, value)
    if to in FINAL:
        news.tell(simulation.public_id)
    if to in (Status.CANCELED, Status.EXPIRED):
        close_after_commit(simulation.public_id)
    log.info("simulation=%s status=%s code=%s", simulation.public_id, to, simulation.error_code)
    return True


@cache
def _move(sources: tuple[Status, ...], only: tuple[str, ...], fields: tuple[str, ...]) -> PreparedUpdate:
    unchanged = {name: Given(f"only_{name}") for name in only}
    return PreparedUpdate(lambda: Simulation.objects.filter(pk=Given("pk"), status__in=sources, **unchanged), *fields)


def _times(to: Status) -> dict[str, Any]:
    now = timezone.now()
    if to == Status.QUEUED:
        return {"queued_at": now, "claimed_by": "", "lease_expires_at": None, "progress": 0.0}
    if to == Status.RUNNING:
        return {"started_at": now}
    return {"finished_at": now, "lease_expires_at": None} if to in FINAL else {}
