"""Wakes the workers of this machine when something is queued, so that they need not look every millisecond.

Only a shortcut: workers of other machines, and a bell that nobody heard, are covered by looking every now and then.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from simulations.services import pipes


class Bell:
    """A worker's own bell."""

    def __init__(self) -> None:
        self._pipe = pipes.Pipe(_folder())

    def wait(self, seconds: float) -> None:
        """Until somebody rings, or rang since the last time, or the time is over."""
        self._pipe.read(seconds)

    def close(self) -> None:
        self._pipe.close()


def ring() -> None:
    """Wake every worker of this machine."""
    pipes.write(_folder(), b"!")


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "bells"
