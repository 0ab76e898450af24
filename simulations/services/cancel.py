"""Stop a simulation: at once while it waits, within a moment while it runs."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from simulations.errors import AlreadyFinished
from simulations.models import Simulation, Status
from simulations.services import charging
from simulations.services.transition import transition


def cancel(simulation: Simulation) -> None:
    """Nothing is charged while it still waits. A running one ends at the worker's next look.

    Raises AlreadyFinished.
    """
    if cancel_waiting(simulation):
        return
    running = Simulation.objects.filter(pk=simulation.pk, status=Status.RUNNING)
    if not running.update(cancel_requested_at=timezone.now()):
        simulation.refresh_from_db()
        if not simulation.is_final:
            # It was given back to the queue between our two looks.
            cancel(simulation)
            return
        raise AlreadyFinished(f"{simulation.public_id} has already ended: {simulation.status}.")
    simulation.refresh_from_db()


def cancel_waiting(simulation: Simulation) -> bool:
    """Cancel it if nobody has begun it; it costs nothing. Whether it was so."""
    facts: dict[str, Any] = {"error_code": "canceled", "error_message": "Canceled before it started."}
    for source in (Status.AWAITING_PAYMENT, Status.QUEUED):
        with transaction.atomic():
            if transition(simulation, to=Status.CANCELED, source=source, **facts):
                charging.settle(simulation, charge=False)
                return True
    return False
