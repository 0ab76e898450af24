"""Which workers are alive, and whether any of them may run a stranger's code."""

from __future__ import annotations

import os
import socket
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

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
    return Worker.objects.filter(seen_at__gt=timezone.now() - timedelta(seconds=ALIVE_SECONDS))


def taking_runs() -> QuerySet[Worker]:
    """Without one of these nothing that is paid for goes on, however many take uploads."""
    return alive().filter(takes_runs=True)


def require_isolation() -> None:
    """Raise IsolationUnavailable with the reason when every living worker refuses to run; none alive yet: queue."""
    living = list(taking_runs())
    if living and not any(worker.cage_level for worker in living):
        raise IsolationUnavailable(
            f"Simulations cannot run at the moment: {living[0].cage_reason}", headers={"Retry-After": "30"}
        )
