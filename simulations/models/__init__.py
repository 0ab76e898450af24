"""What the product keeps: FMUs, who has them, simulations, answers that can be given again, workers."""

from simulations.models.fmu import Fmu, FmuHolding
from simulations.models.idempotency import IdempotencyKey
from simulations.models.limits import AccountLimits
from simulations.models.simulation import FINAL, Simulation, Status
from simulations.models.worker import Worker

__all__ = ["FINAL", "AccountLimits", "Fmu", "FmuHolding", "IdempotencyKey", "Simulation", "Status", "Worker"]
