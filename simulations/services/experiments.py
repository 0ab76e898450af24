"""An experiment as a row keeps it, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from simulations.fmi.experiment import Experiment
from simulations.fmi.limits import Limits
from simulations.models import Simulation

_APART = ("inputs", "input_units", "left_open")


def columns_of(experiment: Experiment) -> dict[str, Any]:
    """The fields of a Simulation that hold this experiment."""
    values = asdict(experiment)
    return {
        "request": {name: value for name, value in values.items() if name not in _APART},
        "left_open": list(experiment.left_open),
        "inputs": values["inputs"],
    }


def experiment_of(simulation: Simulation) -> Experiment:
    """The experiment that a Simulation holds."""
    request: dict[str, Any] = dict(simulation.request)
    outputs = request.pop("outputs")
    return Experiment(
        **request,
        outputs=None if outputs is None else tuple(outputs),
        inputs=simulation.inputs,
        left_open=tuple(simulation.left_open),
    )


def limits_of(simulation: Simulation) -> Limits:
    return Limits(**simulation.limits)
