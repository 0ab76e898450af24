"""DCMotor against its steady states and the closed form of the uncontrolled motor."""

import numpy as np
import pytest
from numpy.typing import NDArray

from .conftest import Columns, Simulate
from .reference import linear

R, L, K, J, B = 0.6, 1e-3, 0.05, 2e-4, 2e-5
KP = 0.2
OPEN_LOOP, P, PI = 1, 2, 3
BOTH = pytest.mark.parametrize("interface_type", ["CoSimulation", "ModelExchange"])


def last(result: Columns, name: str) -> float:
    return float(result[name][-1])


def steps(w_ref: list[tuple[float, float]], tau_load: float = 0) -> NDArray[np.void]:
    """A table of inputs from (time, w_ref) points."""
    rows = [(time, value, tau_load) for time, value in w_ref]
    return np.array(rows, dtype=[("time", float), ("w_ref", float), ("tau_load", float)])


@BOTH
@pytest.mark.parametrize("load", [0.0, 0.1, -0.2])
def test_pi_control_holds_the_speed_under_load(load: float, interface_type: str, simulate: Simulate) -> None:
    result = simulate("DCMotor", interface_type, start_values={"w_ref": 250, "tau_load": load}, stop_time=2)
    assert last(result, "w") == pytest.approx(250, abs=1e-3)
    assert last(result, "i") == pytest.approx((B * 250 + load) / K, rel=1e-4)


@BOTH
@pytest.mark.parametrize("load", [0.0, 0.1])
def test_p_control_leaves_its_known_error(load: float, interface_type: str, simulate: Simulate) -> None:
    start_values = {"controller": P, "w_ref": 100, "tau_load": load}
    expected = (KP * 100 - R * load / K) / (KP + K + R * B / K)
    result = simulate("DCMotor", interface_type, start_values=start_values)
    assert last(result, "w") == pytest.approx(expected, rel=1e-5)


@BOTH
def test_the_uncontrolled_motor_runs_up_as_the_linear_system_does(interface_type: str, simulate: Simulate) -> None:
    options = {"start_values": {"controller": OPEN_LOOP, "w_ref": 200, "tau_load": 0.05}, "output_interval": 1e-3}
    result = simulate("DCMotor", interface_type, stop_time=0.5, relative_tolerance=1e-8, **options)
    a = np.array([[-R / L, -K / L], [K / J, -B / J]])
    expected = linear(a, np.array([K * 200 / L, -0.05 / J]), [0, 0], result["time"])
    assert result["i"] == pytest.approx(expected[:, 0], abs=1e-4)
    assert result["w"] == pytest.approx(expected[:, 1], abs=1e-3)


def test_the_supply_limits_the_speed(simulate: Simulate) -> None:
    result = simulate("DCMotor", start_values={"w_ref": 900}, stop_time=2)
    assert last(result, "u") == 24
    assert result["saturated"].all()
    assert last(result, "w") == pytest.approx(24 / (K + R * B / K), rel=1e-5)


def test_saturation_ends_where_the_command_meets_the_supply(simulate: Simulate) -> None:
    result = simulate("DCMotor", start_values={"controller": P, "w_ref": 300})
    command = KP * (300 - result["w"])
    assert (result["saturated"] == (command > 24)).all()
    assert result["saturated"][0]
    assert not result["saturated"][-1]


@BOTH
def test_anti_windup_shortens_the_way_back_from_an_unreachable_speed(interface_type: str, simulate: Simulate) -> None:
    inputs = steps([(0, 700), (0.5, 700), (0.5, 200), (1, 200)])
    options = {"input": inputs, "stop_time": 1, "output_interval": 1e-3, "record_events": False}
    good = simulate("DCMotor", interface_type, start_values={"anti_windup": True}, **options)
    wound = simulate("DCMotor", interface_type, start_values={"anti_windup": False}, **options)
    after = good["time"] > 0.8
    assert np.abs(good["w"][after] - 200).max() < 5
    assert np.abs(wound["w"][after] - 200).max() > 50


@BOTH
def test_a_load_step_is_answered_at_its_time(interface_type: str, simulate: Simulate) -> None:
    table = np.array(
        [(0, 300, 0), (0.5, 300, 0), (0.5, 300, 0.2), (1, 300, 0.2)],
        dtype=[("time", float), ("w_ref", float), ("tau_load", float)],
    )
    result = simulate("DCMotor", interface_type, input=table, output_interval=1e-3, record_events=False)
    before, behind = (np.isclose(result["time"], t) for t in (0.5, 0.502))
    assert result["w"][before] == pytest.approx(300, abs=0.01)
    # In its first 2 ms the load of 0.2 N m slows 2e-4 kg m2 down by nearly 2 rad/s.
    assert 1 < 300 - float(result["w"][behind][0]) < 2


def test_power_is_work_and_loss_once_the_speed_is_steady(simulate: Simulate) -> None:
    result = simulate("DCMotor", start_values={"tau_load": 0.1}, stop_time=2)
    work = last(result, "torque") * last(result, "w")
    assert last(result, "power") == pytest.approx(work + last(result, "loss"), rel=1e-6)
