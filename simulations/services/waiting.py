"""Wait for a row to change, for a request that waits: ask the database in short, growing intervals."""

from __future__ import annotations

import time
from collections.abc import Callable

from simulations.models import FINAL, Fmu, Simulation

# A warm run takes 15 to 30 ms, so the first looks are close together.
FIRST_SECONDS = 0.004
GROWTH = 1.5
# The connection stays open meanwhile: opening one for each look took all of PostgreSQL's CPU at 64 waiting requests.
LONGEST_SECONDS = 0.5


def until_finished(simulation: Simulation, *, seconds: float) -> bool:
    """Wait at most `seconds` for the end of a run; reload it. Whether it is final."""
    row = Simulation.objects.filter(pk=simulation.pk)
    until(lambda: row.filter(status__in=FINAL).exists(), seconds=seconds)
    simulation.refresh_from_db()
    return simulation.is_final


def until_checked(fmu: Fmu, *, seconds: float) -> bool:
    """Wait at most `seconds` for the look inside; reload it. Whether there is a verdict."""
    row = Fmu.objects.filter(pk=fmu.pk)
    until(lambda: row.exclude(status=Fmu.Status.CHECKING).exists(), seconds=seconds)
    fmu.refresh_from_db()
    return fmu.status != Fmu.Status.CHECKING


def until(happened: Callable[[], bool], *, seconds: float) -> bool:
    """Ask `happened` until it says yes or the time is over."""
    deadline = time.monotonic() + seconds
    pause = FIRST_SECONDS
    while not happened():
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(pause, left))
        pause = min(pause * GROWTH, LONGEST_SECONDS)
    return True
