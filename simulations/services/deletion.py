"""Forget an FMU or a simulation on request. Files go with their rows, in receivers.py."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from simulations.errors import FmuInUse, SimulationGoing
from simulations.models import FmuHolding, IdempotencyKey, Simulation, Status
from simulations.services.transition import transition

GOING = (Status.QUEUED, Status.RUNNING)


def delete_fmu(holding: FmuHolding) -> None:
    """Drop this visitor's hold on it; the bytes go when nobody else has them. Finished simulations stay.

    Raises FmuInUse while runs of it are queued or running.
    """
    if Simulation.objects.filter(fmu=holding, status__in=GOING).exists():
        raise FmuInUse(f"Simulations of {holding.public_id} are still going. Cancel them or wait, then delete it.")
    with transaction.atomic():
        for waiting in Simulation.objects.filter(fmu=holding, status=Status.AWAITING_PAYMENT).light():
            transition(waiting, to=Status.CANCELED, error_code="canceled", error_message="Its FMU was deleted.")
        holding.delete()


def delete_simulation(simulation: Simulation) -> None:
    """Forget a simulation and its result; what it cost stays in the ledger. Raises SimulationGoing."""
    if not Simulation.objects.filter(pk=simulation.pk).exclude(status__in=GOING).exists():
        raise SimulationGoing(f"{simulation.public_id} is still going. Cancel it or wait, then delete it.")
    simulation.delete()


def delete_everything_of(user: User) -> None:
    """Forget the models, simulations and results of an account; what is going is dropped and costs nothing."""
    IdempotencyKey.objects.filter(simulation__user=user).delete()
    Simulation.objects.filter(user=user).delete()
    FmuHolding.objects.filter(user=user).delete()
