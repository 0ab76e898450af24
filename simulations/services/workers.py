"""Which workers are alive, and whether any of them may run a stranger's code."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

from django.db.models import DateTimeField, QuerySet
from django.utils import timezone

from fmugateway.prepared import Given, Prepared
from simulations.errors import IsolationUnavailable
from simulations.models import Worker

ALIVE_SECONDS = 45


def this_worker() -> str:
    """The name of this process among all workers of all machines."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def announce(*, level: str, takes_runs: bool, reason: str = "", cage_starts: int = 0) -> None:
    """Say that this worker is alive and how well it isolates. Level "" means that it cannot run anything."""
    found = {"cage_level": level, "cage_reason": reason, "cage_starts": cage_starts, "takes_runs": takes_runs}
    Worker.objects.update_or_create(name=this_worker(), defaults=found | {"seen_at": timezone.now()})


def withdraw() -> None:
    """This worker stops; forget those that died without saying so, too."""
    gone = timezone.now() - timedelta(days=1)
    Worker.objects.filter(name=this_worker()).delete()
    Worker.objects.filter(seen_at__lt=gone).delete()


def alive() -> QuerySet[Worker]:
    """Those that gave a sign of life lately, whatever they take."""
    return Worker.objects.filter(seen_at__gt=_lately())


def taking_runs() -> QuerySet[Worker]:
    """Without one of these nothing that is paid for goes on, however many take uploads."""
    return alive().filter(takes_runs=True)


def require_isolation() -> None:
    """Raise IsolationUnavailable with the reason when every living worker refuses to run; none alive yet: queue."""
    living = _CAGES.all(since=_lately())
    if living and not any(level for level, _ in living):
        raise IsolationUnavailable(
            f"Simulations cannot run at the moment: {living[0][1]}", headers={"Retry-After": "30"}
        )


_CAGES = Prepared(
    lambda: Worker.objects.filter(seen_at__gt=Given("since", DateTimeField()), takes_runs=True).values_list(
        "cage_level", "cage_reason"
    )
)


def _lately() -> datetime:
    return timezone.now() - timedelta(seconds=ALIVE_SECONDS)
