"""While a run goes: note its progress, keep its lease, hear about a cancel or a shutdown."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from django.db import OperationalError, connection

from simulations.models import Simulation
from simulations.services import leases

log = logging.getLogger(__name__)

PROGRESS_SECONDS = 0.5
# A worker that is told to stop gives its run this long to end by itself, then hands it back.
HANDBACK_SECONDS = 10.0

stopping = Event()


class Watch:
    """`canceled`: somebody asked for it. `lost`: the run was taken away, so whatever comes of it here is void."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.canceled = False
        self.lost = False
        self._written = time.monotonic()
        self._stopping_since: float | None = None

    def on_progress(self, share: float) -> None:
        """Into the row at most twice a second."""
        if time.monotonic() - self._written >= PROGRESS_SECONDS:
            self._renew(progress=min(max(share, 0.0), 1.0))

    def should_stop(self) -> bool:
        if time.monotonic() - self._written >= leases.RENEW_SECONDS:
            self._renew()
        self.canceled = self.canceled or self._cancel_requested()
        return self.canceled or self.lost or self._must_hand_back()

    def _renew(self, **fields: float) -> None:
        self._written = time.monotonic()
        with _database_may_be_away():
            self.lost = not leases.renew(self.simulation, **fields)

    def _cancel_requested(self) -> bool:
        with _database_may_be_away():
            return Simulation.objects.filter(pk=self.simulation.pk).exclude(cancel_requested_at=None).exists()
        return False

    def _must_hand_back(self) -> bool:
        if not stopping.is_set():
            return False
        self._stopping_since = self._stopping_since or time.monotonic()
        return time.monotonic() - self._stopping_since > HANDBACK_SECONDS


@contextmanager
def _database_may_be_away() -> Iterator[None]:
    """A restart of it is shorter than a lease: the run goes on and hears later whether it was taken away."""
    try:
        yield
    except OperationalError as error:
        log.warning("code=database_away %s", error)
        connection.close()
