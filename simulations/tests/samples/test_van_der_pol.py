"""VanDerPol against its known limit cycle and an independent integrator."""

from collections.abc import Callable

import numpy as np
import pytest

from .conftest import Columns, Simulate
from .reference import Array, runge_kutta

BOTH = pytest.mark.parametrize("interface_type", ["CoSimulation", "ModelExchange"])


def oscillator(mu: float) -> Callable[[float, Array], Array]:
    return lambda _t, x: np.array([x[1], mu * (1 - x[0] ** 2) * x[1] - x[0]])


def upward_crossings(result: Columns) -> Array:
    """Times at which x passes zero upwards, by linear interpolation."""
    t, x = result["time"], result["x"]
    i = np.flatnonzero((x[:-1] < 0) & (x[1:] >= 0))
    crossings: Array = t[i] - x[i] * (t[i + 1] - t[i]) / (x[i + 1] - x[i])
    return crossings


def test_without_damping_it_is_a_cosine(simulate: Simulate) -> None:
    result = simulate("VanDerPol", start_values={"mu": 0, "x": 1.5}, relative_tolerance=1e-9)
    assert result["x"] == pytest.approx(1.5 * np.cos(result["time"]), abs=1e-6)
    assert result["y"] == pytest.approx(-1.5 * np.sin(result["time"]), abs=1e-6)


@BOTH
@pytest.mark.parametrize(("mu", "period"), [(0.5, 6.3807), (1, 6.6633), (3, 8.8591)])
def test_the_limit_cycle_has_its_known_period(
    mu: float, period: float, interface_type: str, simulate: Simulate
) -> None:
    options = {"start_values": {"mu": mu}, "stop_time": 80, "output_interval": 0.01, "relative_tolerance": 1e-8}
    last = np.diff(upward_crossings(simulate("VanDerPol", interface_type, **options)))[-1]
    assert last == pytest.approx(period, abs=5e-4)


def test_the_limit_cycle_of_mu_1_has_its_known_amplitude(simulate: Simulate) -> None:
    result = simulate("VanDerPol", start_values={"x": 0.01}, stop_time=60, output_interval=0.005)
    assert result["x"][-2000:].max() == pytest.approx(2.00862, abs=1e-4)


@BOTH
@pytest.mark.parametrize("mu", [1.0, 10.0])
def test_the_curve_is_that_of_an_independent_integrator(mu: float, interface_type: str, simulate: Simulate) -> None:
    options = {"start_values": {"mu": mu}, "output_interval": 0.1, "relative_tolerance": 1e-9, "stop_time": 10}
    result = simulate("VanDerPol", interface_type, **options)
    time = np.linspace(0, 10, 5001)
    reference = runge_kutta(oscillator(mu), [2, 0], time)[::50]
    assert result["x"] == pytest.approx(reference[:, 0], abs=1e-4)


def test_a_stiff_oscillator_runs_too(simulate: Simulate) -> None:
    result = simulate("VanDerPol", start_values={"mu": 1000}, stop_time=2000, output_interval=2)
    assert result["x"].max() == pytest.approx(2, abs=0.01)
    assert result["x"].min() == pytest.approx(-2, abs=0.01)
