"""Back-pressure: a queue that is too long or a disk that is short says so at once, and nobody may fill it alone."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Value

from accounts.models import User
from fmugateway.prepared import Given, Prepared
from simulations.errors import Busy
from simulations.models import Simulation, Status
from simulations.services import disk

RETRY_SECONDS = "10"
# One account's share of the queue: its thousand runs never keep another account's first one out.
SHARE = 4


def waiting() -> int:
    """How many runs wait for a worker."""
    return Simulation.objects.filter(status=Status.QUEUED).count()


def require_room(user: User | None) -> int:
    """How many runs of this account are going.

    Raises Busy when the queue is full, or this account's share of it; StorageFull without room for the result.
    """
    if disk.keeps_files():
        disk.require_room()
    limit = settings.MAX_QUEUED_RUNS
    [(queued, own_queued, own)] = _GOING.all(user=user.pk if user else None)
    if queued >= limit:
        raise _busy("Too many runs are waiting at the moment.")
    if own_queued >= limit // SHARE:
        raise _busy(f"{limit // SHARE} of your runs are waiting already.")
    return own


def _counted() -> QuerySet[Simulation, tuple[int, int, int]]:
    """Runs in the queue, those of the account, and all that the account has going. Never many more than the limit."""
    queued, own = Q(status=Status.QUEUED), Q(user_id=Given("user"))
    going = Simulation.objects.filter(status__in=(Status.QUEUED, Status.RUNNING)).order_by().values(all=Value(1))
    counts = {"queued": queued, "own_queued": queued & own, "own": own}
    return going.annotate(**{name: Count("pk", filter=rows) for name, rows in counts.items()}).values_list(*counts)


_GOING = Prepared(_counted)


def _busy(reason: str) -> Busy:
    return Busy(f"{reason} Nothing was started or charged; try again shortly.", headers={"Retry-After": RETRY_SECONDS})
