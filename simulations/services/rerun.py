"""Run what was asked once more, for its owner: support's way after a fault of ours."""

from __future__ import annotations

from billing.models import Payment, PaymentStatus
from simulations.errors import CannotRunHere
from simulations.models import Simulation
from simulations.services.experiments import experiment_of
from simulations.services.submit import submit
from simulations.visitor import Visitor


def rerun(simulation: Simulation) -> Simulation:
    """A new simulation with the same request. It takes a credit as any run does. Raises what submit raises."""
    if simulation.fmu is None:
        raise CannotRunHere(f"The model of {simulation.public_id} was deleted: its owner has to upload it again.")
    unused = Payment.objects.filter(public_id=simulation.payment, status=PaymentStatus.PAID).first()
    visitor = Visitor(user=simulation.user, payment=unused)
    return submit(simulation.fmu, experiment_of(simulation), visitor=visitor)
