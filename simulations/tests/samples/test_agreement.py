"""Co-Simulation (our solver) and Model Exchange (CVode) are two ways to the same curves."""

import numpy as np
import pytest

from simulations.samples import find_sample

from .conftest import INTERFACES, WITH_BOTH, Columns, Simulate, read_description

# Of each column's range; both solvers run with the tolerance of the default experiment, 1e-6 or less.
TOLERANCE = 5e-4


@pytest.mark.parametrize(("name", "interface_type"), INTERFACES)
def test_default_experiment_runs_to_its_end_with_finite_values(
    name: str, interface_type: str, simulate: Simulate
) -> None:
    columns = simulate(name, interface_type)
    assert columns["time"][-1] == pytest.approx(float(read_description(name).defaultExperiment.stopTime))
    assert all(np.isfinite(column.astype(float)).all() for column in columns.values())


@pytest.mark.parametrize("name", WITH_BOTH)
def test_both_interfaces_agree(name: str, simulate: Simulate) -> None:
    interval = float(read_description(name).defaultExperiment.stepSize)
    options = {"record_events": False, "output_interval": interval}
    assert_alike(simulate(name, "CoSimulation", **options), simulate(name, "ModelExchange", **options))


@pytest.mark.parametrize("name", ["DCMotor", "QuarterCar", "BatteryCell"])
def test_both_interfaces_agree_with_the_suggested_inputs(name: str, simulate: Simulate) -> None:
    sample = find_sample(name)
    assert sample is not None
    assert sample.inputs is not None
    signals = sample.inputs.signals
    dtype = [("time", np.float64), *((signal, np.float64) for signal in signals)]
    table = np.array(list(zip(sample.inputs.time, *signals.values(), strict=True)), dtype=dtype)
    interval = float(read_description(name).defaultExperiment.stepSize)
    options = {"record_events": False, "output_interval": interval, "input": table}
    assert_alike(simulate(name, "CoSimulation", **options), simulate(name, "ModelExchange", **options))


def assert_alike(one: Columns, two: Columns) -> None:
    """Compare all columns at the times that both have; an event may come a sample later in one of them."""
    assert len(one["time"]) == len(two["time"])
    for name, column in one.items():
        difference = np.abs(column.astype(float) - two[name].astype(float))
        span = max(float(np.ptp(column.astype(float))), 1e-9)
        off = np.count_nonzero(difference > TOLERANCE * span)
        assert off <= 2, f"{name} differs in {off} samples, by up to {difference.max() / span:.2g} of its range"
