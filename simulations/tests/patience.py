"""Wait for what another process does."""

from __future__ import annotations

import time
from collections.abc import Callable

PAUSE_SECONDS = 0.02


def until(happened: Callable[[], bool], *, seconds: float) -> bool:
    """Ask `happened` until it says yes or the time is over. Whether it did."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE_SECONDS)
    return True
