"""Results equal those of FMPy in this process, bit for bit, for the same options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import fmpy
import numpy as np
import pytest
from numpy.typing import NDArray

from simulations.fmi import check
from simulations.fmi.experiment import Experiment
from simulations.fmi.limits import Limits
from simulations.tests.engine.workshop import inspect, run, unpacked_sample

_STEP = [0.0, 0.3, 0.3, 1.0]
_CASES: list[tuple[str, dict[str, Any]]] = [
    ("BouncingBall", {"interface_type": "CoSimulation", "start_values": {"e": 0.5, "h": 2.0}}),
    ("BouncingBall", {"interface_type": "ModelExchange", "solver": "CVode"}),
    ("BouncingBall", {"interface_type": "ModelExchange", "solver": "CVode", "record_events": False}),
    (
        "BouncingBall",
        {"interface_type": "ModelExchange", "solver": "Euler", "output_interval": 0.002, "step_size": 0.002},
    ),
    ("VanDerPol", {"interface_type": "CoSimulation", "stop_time": 5.0}),
    ("VanDerPol", {"interface_type": "ModelExchange", "relative_tolerance": 1e-9}),
    ("VanDerPol", {"interface_type": "ModelExchange", "start_time": 1.0, "stop_time": 3.7, "output_interval": 0.1}),
    ("DCMotor", {"interface_type": "CoSimulation", "inputs": {"time": _STEP, "load": [0.0, 0.0, 0.5, 0.2]}}),
    ("DCMotor", {"interface_type": "ModelExchange", "inputs": {"time": _STEP, "load": [0.0, 0.0, 0.5, 0.2]}}),
    ("DCMotor", {"interface_type": "CoSimulation", "inputs": {"time": [0.5, 0.8], "load": [0.1, 0.5]}}),
    ("DCMotor", {"interface_type": "ModelExchange", "inputs": {"time": [0.5, 0.8], "load": [0.1, 0.5]}}),
    ("QuarterCar", {"interface_type": "CoSimulation"}),
    ("QuarterCar", {"interface_type": "ModelExchange", "solver": "CVode"}),
    ("RoomHeating", {"interface_type": "CoSimulation"}),
    ("BatteryCell", {"interface_type": "CoSimulation", "outputs": ("T", "soc", "status", "connected")}),
    ("BatteryCell", {"interface_type": "ModelExchange"}),
]


@pytest.mark.parametrize(("name", "options"), _CASES)
def test_result_equals_fmpy_bit_for_bit(name: str, options: dict[str, Any], folder: Path) -> None:
    unpacked_sample(name, folder)
    inspection = inspect(folder)
    options = options | ({"inputs": _for(inspection, options["inputs"])} if "inputs" in options else {})
    asked = check.resolve(inspection, Experiment(**options), Limits())
    ours, _ = run(folder, asked, inspection=inspection)
    theirs = _with_fmpy(folder, asked)
    assert len(ours.data) == len(theirs)
    for column in theirs.dtype.names:
        assert np.array_equal(_column(ours.data, column), theirs[column].reshape(len(theirs), -1)), column


def _for(inspection: Any, inputs: dict[str, list[float]]) -> dict[str, list[float]]:
    """The samples under the name of the model's first input."""
    name = next(variable.name for variable in inspection.variables if variable.causality == "input")
    return {"time": inputs["time"], name: inputs["load"]}


def _column(data: NDArray[np.void], name: str) -> NDArray[Any]:
    """(T, elements) of one variable; an array's elements have columns of their own."""
    names = [column for column in data.dtype.names or () if column == name or column.startswith(f"{name}[")]
    return np.stack([data[column] for column in names], axis=1)


def _with_fmpy(folder: Path, asked: Experiment) -> Any:
    table = None
    if asked.inputs is not None:
        names = list(asked.inputs)
        table = np.array(list(zip(*asked.inputs.values(), strict=True)), dtype=[(name, np.float64) for name in names])
    return fmpy.simulate_fmu(
        str(folder),
        validate=False,
        fmi_type=asked.interface_type,
        start_time=asked.start_time,
        stop_time=asked.stop_time,
        solver=asked.solver or "CVode",
        step_size=asked.step_size,
        relative_tolerance=asked.relative_tolerance,
        output_interval=asked.output_interval,
        record_events=asked.record_events,
        start_values=dict(asked.start_values),
        input=table,
        output=list(asked.outputs or ()),
    )
