"""Back-pressure: a queue that is too long or a disk that is short says so at once, and nobody may fill it alone."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, Q

from accounts.models import User
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
    queued, own = Q(status=Status.QUEUED), Q(user=user, user__isnull=False)
    # Counted not much further than to the limit: a flood must not make each request slower.
    going = Simulation.objects.filter(status__in=(Status.QUEUED, Status.RUNNING)).order_by()[: 2 * limit]
    found = going.aggregate(
        queued=Count("pk", filter=queued), own_queued=Count("pk", filter=queued & own), own=Count("pk", filter=own)
    )
    if found["queued"] >= limit:
        raise _busy("Too many runs are waiting at the moment.")
    if found["own_queued"] >= limit // SHARE:
        raise _busy(f"{limit // SHARE} of your runs are waiting already.")
    return int(found["own"])


def _busy(reason: str) -> Busy:
    return Busy(f"{reason} Nothing was started or charged; try again shortly.", headers={"Retry-After": RETRY_SECONDS})
