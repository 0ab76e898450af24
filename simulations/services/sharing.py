"""The secret link of a simulation: on, off, and what it opens."""

from __future__ import annotations

from simulations import ids
from simulations.models import Simulation


def share(simulation: Simulation) -> None:
    """Let the secret link open it."""
    Simulation.objects.filter(pk=simulation.pk).update(is_shared=True)


def unshare(simulation: Simulation) -> None:
    """Nobody gets in by the old link again: sharing it anew makes another one."""
    Simulation.objects.filter(pk=simulation.pk).update(is_shared=False, share_key=ids.share_key())


def find_shared(share_key: str) -> Simulation | None:
    return Simulation.objects.filter(share_key=share_key, is_shared=True).first()
