"""RoomHeating against the closed form of the unheated room and the rules of its thermostat."""

import numpy as np
import pytest
from numpy.typing import NDArray

from .conftest import Columns, Simulate
from .reference import Array, linear

C_ROOM, C_WALL, R_IN, R_OUT, G_LEAK, P_MAX = 1e6, 8e6, 0.008, 0.02, 15, 2000
OUTSIDE, ROOM, WALL = 273.15, 289.15, 286.15
HOUR = 3600.0
OFF, CONSTANT = 1, 2


def room(power: float, time: Array) -> Array:
    """Temperatures of room and wall (T, 2) with constant heating power, in closed form."""
    flows = np.array([[-(1 / R_IN + G_LEAK), 1 / R_IN], [1 / R_IN, -(1 / R_IN + 1 / R_OUT)]])
    sources = np.array([power + G_LEAK * OUTSIDE, OUTSIDE / R_OUT])
    capacities = np.array([C_ROOM, C_WALL])
    return linear(flows / capacities[:, None], sources / capacities, [ROOM, WALL], time)


def switches(result: Columns) -> int:
    return int(np.count_nonzero(np.diff(result["heater_on"].astype(int))))


def test_an_unheated_room_cools_with_its_two_time_constants(simulate: Simulate) -> None:
    result = simulate("RoomHeating", start_values={"thermostat": OFF}, output_interval=600)
    expected = room(0, result["time"])
    assert result["T_room"] == pytest.approx(expected[:, 0], abs=1e-5)
    assert result["T_wall"] == pytest.approx(expected[:, 1], abs=1e-5)
    assert result["E_heat"][-1] == 0


def test_a_weak_heater_warms_the_room_to_its_balance(simulate: Simulate) -> None:
    start_values = {"thermostat": CONSTANT, "P_max": 500.0}
    result = simulate("RoomHeating", start_values=start_values, stop_time=40 * 86400.0, output_interval=86400)
    balance = OUTSIDE + 500 / (G_LEAK + 1 / (R_IN + R_OUT))
    assert result["T_room"][-1] == pytest.approx(balance, abs=1e-4)
    assert result["E_heat"][-1] == pytest.approx(500 * 40 * 86400, rel=1e-9)
    assert result["loss"][-1] == pytest.approx(500, rel=1e-5)


def test_the_first_switch_happens_where_the_heated_room_reaches_the_limit(simulate: Simulate) -> None:
    result = simulate("RoomHeating", start_values={"thermostat": CONSTANT}, stop_time=4 * HOUR, output_interval=1)
    first = result["time"][np.argmin(result["heater_on"])]
    time = np.arange(0, 4 * HOUR, 1.0)
    expected = time[np.argmax(room(P_MAX, time)[:, 0] >= 294.65)]
    assert first == pytest.approx(expected, abs=1)


def test_the_room_stays_inside_the_hysteresis(simulate: Simulate) -> None:
    result = simulate("RoomHeating", start_values={"thermostat": CONSTANT, "hysteresis": 0.5}, output_interval=60)
    warm = result["T_room"][result["time"] > 4 * HOUR]
    assert warm.min() >= 294.15 - 0.25 - 1e-6
    assert warm.max() <= 294.15 + 0.25 + 1e-6
    assert np.ptp(warm) > 0.45


def test_every_switch_is_counted_and_every_joule_too(simulate: Simulate) -> None:
    result = simulate("RoomHeating", output_interval=20)
    assert result["switch_count"][-1] == switches(result)
    on_time = np.count_nonzero(result["heater_on"]) * 20
    assert result["E_heat"][-1] == pytest.approx(P_MAX * on_time, rel=0.01)


def test_switches_inside_a_long_communication_step_are_not_missed(simulate: Simulate) -> None:
    fine, coarse = (simulate("RoomHeating", output_interval=interval) for interval in (60, 86400))
    assert coarse["switch_count"][-1] == fine["switch_count"][-1]
    assert coarse["E_heat"][-1] == pytest.approx(fine["E_heat"][-1], rel=1e-5)


def test_the_schedule_changes_at_its_times_of_day(simulate: Simulate) -> None:
    result = simulate("RoomHeating", stop_time=2 * 86400.0, output_interval=1800)
    hour = result["time"] / HOUR % 24
    day = (hour >= 6) & (hour < 22)
    assert (result["T_set"] == np.where(day, 294.15, 290.15)).all()


def test_a_run_may_begin_in_the_afternoon(simulate: Simulate) -> None:
    result = simulate("RoomHeating", start_time=15 * HOUR, stop_time=23 * HOUR, output_interval=1800)
    assert result["T_set"][0] == 294.15
    assert result["T_set"][-1] == 290.15


def test_an_open_window_lets_the_heat_out(simulate: Simulate) -> None:
    table: NDArray[np.void] = np.array(
        [(0, OUTSIDE, False), (HOUR, OUTSIDE, True), (2 * HOUR, OUTSIDE, False)],
        dtype=[("time", float), ("T_outside", float), ("window_open", bool)],
    )
    options = {"start_values": {"thermostat": OFF}, "input": table, "stop_time": 3 * HOUR, "output_interval": 600}
    result = simulate("RoomHeating", **options)
    at = {hour: int(np.argmin(np.abs(result["time"] - hour * HOUR))) for hour in (1, 2, 3)}
    closed = room(0, result["time"])[:, 0]
    assert result["T_room"][at[1]] == pytest.approx(closed[at[1]], abs=1e-5)
    assert result["T_room"][at[2]] < closed[at[2]] - 3
    assert result["T_room"][at[3]] > result["T_room"][at[2]]
