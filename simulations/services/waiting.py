"""Wait for a row to change, for a request that waits: news of it wakes the request, the database has the last word."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import BoundedSemaphore

from django.conf import settings
from django.db import connection

from fmugateway.prepared import Given, Prepared
from simulations.models import FINAL, Fmu, Simulation
from simulations.services import news

# The first look: what ended before anybody listened. The later ones: news can get lost.
FIRST_LOOK_SECONDS = 0.2
LONGEST_SECONDS = 5.0
GROWTH = 5.0
# Between two questions about what no news is sent of.
POLL_SECONDS = 0.05

_seats = BoundedSemaphore(settings.MAX_WAITING_REQUESTS)


def _for_good() -> bool:
    return True


# Whether this process goes on answering; a web server that is told to stop says no. Those who wait then get the answer
# that there is so far, with its id: cut off they would ask again, and pay for a second run.
stays: Callable[[], bool] = _for_good


def until_finished(simulation: Simulation, *, seconds: float) -> bool:
    """Wait at most `seconds` for the end of a run; reload it. Whether it is final."""
    if not simulation.is_final:
        _until(lambda: bool(_ENDED.all(pk=simulation.pk)), news_of=simulation.public_id, seconds=seconds)
        _reload(simulation)
    return simulation.is_final


def _reload(simulation: Simulation) -> None:
    """Raises Simulation.DoesNotExist when it was deleted meanwhile."""
    now = _SIMULATION.first(pk=simulation.pk)
    if now is None:
        raise Simulation.DoesNotExist(f"{simulation.public_id} was deleted.")
    for field in Simulation._meta.concrete_fields:
        setattr(simulation, field.attname, getattr(now, field.attname))


_ENDED = Prepared(lambda: Simulation.objects.filter(pk=Given("pk"), status__in=FINAL).values_list("pk"))
_SIMULATION = Prepared(lambda: Simulation.objects.filter(pk=Given("pk")))


def until_checked(fmu: Fmu, *, seconds: float) -> bool:
    """Wait at most `seconds` for the look inside; reload it. Whether there is a verdict."""
    checked = Fmu.objects.filter(pk=fmu.pk).exclude(status=Fmu.Status.CHECKING)
    _until(checked.exists, news_of=fmu.sha256, seconds=seconds)
    fmu.refresh_from_db()
    return fmu.status != Fmu.Status.CHECKING


def until(happened: Callable[[], bool], *, seconds: float) -> bool:
    """Ask `happened`, of which nobody sends news, until it says yes or the time is over. Whether it did."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _until(happened: Callable[[], bool], *, news_of: str, seconds: float) -> None:
    """Return early when there are so many who wait already that nobody would be left to answer others."""
    if seconds <= 0 or not _seats.acquire(blocking=False):
        return
    try:
        _wait(happened, news_of=news_of, seconds=seconds)
    finally:
        _seats.release()


def _wait(happened: Callable[[], bool], *, news_of: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    pause = FIRST_LOOK_SECONDS
    with news.expected(news_of) as told:
        while (left := deadline - time.monotonic()) > 0 and stays():
            if told.wait(min(pause, left)) or happened():
                return
            _lend_connection()
            pause = min(pause * GROWTH, LONGEST_SECONDS)


def _lend_connection() -> None:
    """Back into the pool: a thousand who wait need no thousand connections."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        connection.close()
