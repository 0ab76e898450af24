"""Rows that probes and metrics tell of, with what the tests do not look at filled in."""

from __future__ import annotations

import socket

import pytest
from django.utils import timezone

from simulations.models import Simulation, Status, Worker
from simulations.services import workers


def hide_real_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker process of other tests, if there is one in this pytest, keeps saying that it is alive."""
    alive, real = workers.alive, f"{socket.gethostname()[:60]}:"
    monkeypatch.setattr(workers, "alive", lambda: alive().exclude(name__startswith=real))


def living_worker() -> Worker:
    return Worker.objects.create(name="host:1", cage_level="FULL", cage_starts=3, seen_at=timezone.now())


def simulation(**fields: object) -> Simulation:
    facts = {"fmu_public_id": "fmu_1", "sha256": "0" * 64, "model_name": "Ball", "fmi_version": "2.0"}
    return Simulation.objects.create(**facts | {"request": {}, "limits": {}, "status": Status.QUEUED} | fields)
