"""BatteryCell against counted coulombs, the closed form of its voltage, and its heat balance."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from .conftest import Simulate
from .reference import Array, runge_kutta

CAPACITY, R1, C1 = 18000, 0.012, 3000
MASS, SPECIFIC_HEAT, CONDUCTIVITY, RADIUS, HEIGHT, H = 0.07, 1000, 1, 0.0105, 0.07, 10
AREA = 2 * np.pi * RADIUS * HEIGHT
AMBIENT = 298.15
NORMAL, EMPTY, FULL, HOT = 1, 2, 3, 4
BOTH = pytest.mark.parametrize("interface_type", ["CoSimulation", "ModelExchange"])
#: A cell whose voltage and resistance depend on nothing.
PLAIN = {"OCV": [3.7] * 11, "R0": [0.02] * 9}


def currents(*points: tuple[float, float]) -> NDArray[np.void]:
    rows = [(time, current, AMBIENT) for time, current in points]
    return np.array(rows, dtype=[("time", float), ("current", float), ("T_ambient", float)])


@BOTH
@pytest.mark.parametrize("current", [2.5, -4.0])
def test_charge_is_what_flowed(current: float, interface_type: str, simulate: Simulate) -> None:
    start_values = {"current": current, "soc": 0.5}
    result = simulate("BatteryCell", interface_type, start_values=start_values, stop_time=1000, output_interval=10)
    assert result["soc"] == pytest.approx(0.5 - current * result["time"] / CAPACITY, abs=1e-9)


@BOTH
def test_voltage_is_the_closed_form_of_the_circuit(interface_type: str, simulate: Simulate) -> None:
    options = {"start_values": PLAIN | {"current": 5}, "output_interval": 5, "relative_tolerance": 1e-8}
    result = simulate("BatteryCell", interface_type, stop_time=300, **options)
    expected = 3.7 - 0.02 * 5 - R1 * 5 * (1 - np.exp(-result["time"] / (R1 * C1)))
    assert result["voltage"] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("soc", "expected"), [(0, 2.8), (0.1, 3.45), (0.45, 3.68), (0.95, 4.13), (1, 4.18)])
def test_open_circuit_voltage_follows_its_table(soc: float, expected: float, simulate: Simulate) -> None:
    result = simulate("BatteryCell", start_values={"soc": soc, "current": 0}, stop_time=1)
    assert result["open_circuit_voltage"] == pytest.approx([expected] * 2)
    assert result["voltage"] == pytest.approx([expected] * 2)


@pytest.mark.parametrize(
    ("celsius", "soc", "expected"),
    [(25, 0.5, 0.02), (0, 0, 0.06), (50, 1, 0.013), (12.5, 0.25, 0.03875), (-20, 0.5, 0.045), (37.5, 0.75, 0.0165)],
)
def test_resistance_follows_its_table(celsius: float, soc: float, expected: float, simulate: Simulate) -> None:
    start_values = {"soc": soc, "T": [celsius + 273.15] * 5, "current": 1, "protection": False}
    result = simulate("BatteryCell", start_values=start_values, stop_time=1)
    assert result["open_circuit_voltage"][0] - result["voltage"][0] == pytest.approx(expected)


def test_an_insulated_cell_keeps_all_its_heat(simulate: Simulate) -> None:
    start_values = PLAIN | {"h": 0, "current": 5}
    result = simulate("BatteryCell", start_values=start_values, stop_time=600, output_interval=1)
    shares = np.array([1, 3, 5, 7, 9]) / 25
    stored = MASS * SPECIFIC_HEAT * (result["T"] @ shares - AMBIENT)
    produced = np.concatenate([[0], np.cumsum((result["heat"][1:] + result["heat"][:-1]) / 2)])
    assert stored == pytest.approx(produced, abs=0.01)


def test_a_steady_cell_gives_its_heat_to_the_air(simulate: Simulate) -> None:
    start_values = PLAIN | {"current": 5, "protection": False}
    result = simulate("BatteryCell", start_values=start_values, stop_time=30000, output_interval=1000)
    heat = (0.02 + R1) * 5**2
    assert result["heat"][-1] == pytest.approx(heat)
    assert result["T_surface"][-1] == pytest.approx(AMBIENT + heat / (H * AREA), abs=1e-3)


@BOTH
def test_temperatures_are_those_of_an_independent_integrator(interface_type: str, simulate: Simulate) -> None:
    options = {"start_values": PLAIN | {"current": 10}, "output_interval": 10, "relative_tolerance": 1e-8}
    result = simulate("BatteryCell", interface_type, stop_time=300, **options)
    reference = runge_kutta(shells(10), [AMBIENT] * 5, np.linspace(0, 300, 1201))[::40]
    assert result["T"] == pytest.approx(reference, abs=2e-3)


def shells(current: float) -> Callable[[float, Array], Array]:
    shares = np.array([1, 3, 5, 7, 9]) / 25

    def f(t: float, temperatures: Array) -> Array:
        u1 = R1 * current * (1 - np.exp(-t / (R1 * C1)))
        heat = 0.02 * current**2 + u1**2 / R1
        inner = 2 * np.pi * HEIGHT * CONDUCTIVITY * np.arange(1, 5) * -np.diff(temperatures)
        outflow = np.append(inner, H * AREA * (temperatures[-1] - AMBIENT))
        inflow = np.insert(inner, 0, 0)
        change: Array = (heat * shares + inflow - outflow) / (MASS * SPECIFIC_HEAT * shares)
        return change

    return f


@BOTH
def test_discharge_stops_at_the_lowest_voltage(interface_type: str, simulate: Simulate) -> None:
    result = simulate("BatteryCell", interface_type, start_values={"soc": 0.2, "current": 5}, output_interval=5)
    assert result["status"][-1] == EMPTY
    assert not result["connected"][-1]
    assert result["i"][-1] == 0
    assert result["voltage"].min() == pytest.approx(2.7, abs=0.02)
    assert result["soc"].min() > 0


@BOTH
def test_charge_stops_at_the_highest_voltage(interface_type: str, simulate: Simulate) -> None:
    result = simulate("BatteryCell", interface_type, start_values={"soc": 0.9, "current": -5}, stop_time=1000)
    assert result["status"][-1] == FULL
    assert result["trips"][-1] == 1
    assert result["voltage"].max() == pytest.approx(4.2, abs=0.01)


@BOTH
def test_an_empty_cell_works_again_once_it_is_charged(interface_type: str, simulate: Simulate) -> None:
    table = currents((0, 5), (300, 5), (300, -2), (600, -2))
    options = {"start_values": {"soc": 0.05}, "input": table, "stop_time": 600, "output_interval": 5}
    result = simulate("BatteryCell", interface_type, **options)
    before = result["status"][np.isclose(result["time"], 295)]
    assert (before == EMPTY).all()
    assert result["status"][-1] == NORMAL
    assert result["i"][-1] == -2
    assert result["trips"][-1] == 1


@BOTH
def test_a_hot_cell_rests_until_it_is_5_kelvin_cooler(interface_type: str, simulate: Simulate) -> None:
    start_values = {"current": 20, "T_max": 310.15}
    options = {"start_values": start_values, "stop_time": 1500, "output_interval": 1}
    result = simulate("BatteryCell", interface_type, **options)
    assert {NORMAL, HOT} <= set(result["status"].tolist())
    assert result["T_core"].max() <= 310.15 + 1  # the polarisation goes on heating a little
    restart = np.flatnonzero(np.diff(result["status"]) == NORMAL - HOT)
    assert restart.size > 0
    assert result["T_core"][restart] == pytest.approx(np.full(restart.size, 305.15), abs=0.05)


def test_an_unprotected_cell_goes_on_below_its_lowest_voltage(simulate: Simulate) -> None:
    start_values = {"soc": 0.05, "protection": False}
    result = simulate("BatteryCell", start_values=start_values, stop_time=400)
    assert result["voltage"][-1] < 2.7
    assert result["connected"].all()
