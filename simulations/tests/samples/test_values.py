"""Every kind of value can be set and read; states are saved, restored and kept apart."""

from typing import Any

import pytest

from simulations.samples import find_sample

from . import child
from .conftest import ALL, InChild, Simulate, read_description

SETTABLE: dict[str, dict[str, Any]] = {
    "BouncingBall": {"h": 2.5, "v": -1.0, "e": 0.5, "g": 1.62},
    "VanDerPol": {"x": -1.0, "mu": 3.0},
    "DCMotor": {"Kp": 0.3, "w_ref": 100.0, "controller": 2, "anti_windup": False},
    "QuarterCar": {"k_s": 3e4, "z_road": 0.1, "profile": 4},
    "RoomHeating": {"T_day": 295.0, "window_open": True, "thermostat": 1, "room": "K\u00fcche"},
    "BatteryCell": {
        "current": -2.0,
        "T": [290.0, 291.0, 292.0, 293.0, 294.0],
        "R0": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
        "protection": False,
        "cell_id": "\u03b1-7",
    },
}
STEPS = {
    "BouncingBall": ("h", 0.1),
    "VanDerPol": ("x", 0.5),
    "DCMotor": ("w", 0.01),
    "QuarterCar": ("z_s", 0.05),
    "RoomHeating": ("T_room", 300.0),
    "BatteryCell": ("voltage", 60.0),
}
# FMI 1 cannot save states.
WAYS_BACK = [
    (name, how)
    for name in ALL
    for how in ("restore", "deserialize", "reset")
    if how == "reset" or read_description(name).fmiVersion != "1.0"
]


def path_of(name: str) -> Any:
    sample = find_sample(name)
    assert sample is not None
    return sample.path


@pytest.mark.parametrize("name", ALL)
def test_values_that_were_set_can_be_read(name: str, in_child: InChild) -> None:
    assert in_child(child.set_and_read_back, path_of(name), SETTABLE[name]) == SETTABLE[name]


def test_room_tells_what_its_thermostat_did(in_child: InChild) -> None:
    start_values = {"room": "Attic", "thermostat": 2}
    names = ["message", "heater_on", "switch_count", "thermostat", "room"]
    values = in_child(child.values_after_run, path_of("RoomHeating"), names, 3 * 3600.0, start_values)
    assert values["message"].startswith("Attic: heater off after ")
    assert values["switch_count"] == 5
    assert not values["heater_on"]
    assert (values["thermostat"], values["room"]) == (2, "Attic")


def test_cell_tells_why_it_stopped(in_child: InChild) -> None:
    names = ["message", "status", "connected", "trips"]
    values = in_child(child.values_after_run, path_of("BatteryCell"), names, 400.0, {"soc": 0.1, "cell_id": "B7"})
    assert values["message"].startswith("B7: discharge stopped, voltage at U_min at ")
    assert (values["status"], values["connected"], values["trips"]) == (2, False, 1)


@pytest.mark.parametrize(
    ("name", "start_values", "message"),
    [
        ("BouncingBall", {"e": 1.5}, "the coefficient of restitution e must be from 0 to 1"),
        ("BouncingBall", {"h": float("nan")}, "the height h at the start must not be negative"),
        ("DCMotor", {"L": 0.0}, "the resistance R, the inductance L"),
        ("QuarterCar", {"profile": 9}, "the profile must be 1 (External), 2 (Bump), 3 (Kerb) or 4 (Washboard)"),
        ("BatteryCell", {"soc": 1.2}, "the state of charge soc at the start must be from 0 to 1"),
        ("BatteryCell", {"cell_id": "x" * 101}, "the cell_id must have at most 100 bytes"),
        ("RoomHeating", {"room": "x" * 500}, "value reference 25 takes a string of at most 255 bytes"),
    ],
)
def test_impossible_values_are_refused_with_a_reason(
    name: str, start_values: dict[str, Any], message: str, in_child: InChild
) -> None:
    logged = in_child(child.messages_of_failure, path_of(name), fmi_type="CoSimulation", start_values=start_values)
    assert message in logged


def test_results_cannot_be_set(in_child: InChild) -> None:
    assert in_child(child.is_refused, path_of("BouncingBall"), "bounces", 3, False)


def test_masses_are_fixed_and_springs_are_tunable_once_the_simulation_runs(in_child: InChild) -> None:
    assert in_child(child.is_refused, path_of("QuarterCar"), "m_s", 300.0, True)
    assert not in_child(child.is_refused, path_of("QuarterCar"), "k_s", 30000.0, True)


def test_a_load_that_is_not_a_number_ends_the_run_with_a_reason(in_child: InChild) -> None:
    start_values = {"tau_load": float("nan")}
    logged = in_child(child.messages_of_failure, path_of("DCMotor"), fmi_type="CoSimulation", start_values=start_values)
    assert "a derivative is not finite" in logged


@pytest.mark.parametrize(("name", "how"), WAYS_BACK)
def test_going_back_repeats_the_same_steps(name: str, how: str, in_child: InChild) -> None:
    first, second = in_child(child.same_steps_twice, path_of(name), *STEPS[name], how)
    assert first == second
    assert len(set(first)) > 5


@pytest.mark.parametrize("name", ALL)
def test_two_instances_do_not_disturb_each_other(name: str, in_child: InChild) -> None:
    first, second = in_child(child.interleaved_instances, path_of(name), *STEPS[name])
    assert first[:15] == second


@pytest.mark.parametrize("name", ALL)
def test_co_simulation_does_not_depend_on_the_communication_step(name: str, simulate: Simulate) -> None:
    fine = simulate(name, output_interval=STEPS[name][1] / 20, stop_time=20 * STEPS[name][1])
    coarse = simulate(name, output_interval=STEPS[name][1], stop_time=20 * STEPS[name][1])
    column = STEPS[name][0]
    assert fine[column][::20] == pytest.approx(coarse[column], rel=1e-4, abs=1e-4)
