"""QuarterCar against statics and an independent integrator."""

from collections.abc import Callable

import numpy as np
import pytest

from .conftest import Simulate
from .reference import Array, runge_kutta

G = 9.80665
M_S, M_U, K_S, C_COMPRESSION, C_REBOUND, K_T = 320, 40, 22000, 1100, 2200, 190000
EXTERNAL, BUMP, KERB, WASHBOARD = 1, 2, 3, 4
SPEED = 30 / 3.6
BOTH = pytest.mark.parametrize("interface_type", ["CoSimulation", "ModelExchange"])


def bump(t: float) -> float:
    return washboard(t) if t * SPEED <= 1 else 0


def kerb(_t: float) -> float:
    return 0.08


def washboard(t: float) -> float:
    return float(0.04 * (1 - np.cos(2 * np.pi * SPEED * t)))


def car(road: Callable[[float], float]) -> Callable[[float, Array], Array]:
    """The equations of motion from the obstacle on; states z_s, v_s, z_u, v_u, integral of the squared acceleration."""

    def f(t: float, x: Array) -> Array:
        z_s, v_s, z_u, v_u, _ = x
        c = C_COMPRESSION if v_u > v_s else C_REBOUND
        suspension = K_S * (z_u - z_s) + c * (v_u - v_s)
        load = (M_S + M_U) * G
        tyre = max(0.0, load + K_T * (road(t) - z_u))
        a = suspension / M_S
        return np.array([v_s, a, v_u, (tyre - load - suspension) / M_U, a**2])

    return f


@BOTH
@pytest.mark.parametrize(("profile", "road"), [(BUMP, bump), (KERB, kerb), (WASHBOARD, washboard)])
def test_the_ride_is_that_of_an_independent_integrator(
    profile: int, road: Callable[[float], float], interface_type: str, simulate: Simulate
) -> None:
    options = {"stop_time": 1.5, "output_interval": 0.01, "relative_tolerance": 1e-8, "record_events": False}
    result = simulate("QuarterCar", interface_type, start_values={"profile": profile}, **options)
    reference = runge_kutta(car(road), [0] * 5, np.linspace(0, 1, 4001))[::40]
    behind = result["time"] > 0.499
    assert result["z_s"][behind] == pytest.approx(reference[:, 0], abs=2e-5)
    assert result["z_u"][behind] == pytest.approx(reference[:, 2], abs=2e-5)
    assert result["a_rms"][-1] == pytest.approx(np.sqrt(reference[-1, 4] / 1.5), rel=1e-3)


@BOTH
def test_payload_compresses_suspension_and_tyre(interface_type: str, simulate: Simulate) -> None:
    start_values = {"profile": EXTERNAL, "m_load": 100}
    result = simulate("QuarterCar", interface_type, start_values=start_values, stop_time=10)
    assert result["z_s"][-1] == pytest.approx(-100 * G * (1 / K_S + 1 / K_T), rel=1e-4)
    assert result["z_u"][-1] == pytest.approx(-100 * G / K_T, rel=1e-4)
    assert result["tyre_force"][-1] == pytest.approx((M_S + M_U + 100) * G, rel=1e-5)


def test_a_car_at_rest_stays_at_rest(simulate: Simulate) -> None:
    result = simulate("QuarterCar", start_values={"profile": EXTERNAL})
    assert not result["z_s"].any()
    assert not result["a_rms"].any()


@BOTH
def test_the_road_of_the_input_lifts_the_car(interface_type: str, simulate: Simulate) -> None:
    table = np.array([(0, 0), (0.5, 0), (1, 0.1), (8, 0.1)], dtype=[("time", float), ("z_road", float)])
    options = {"start_values": {"profile": EXTERNAL}, "input": table, "stop_time": 8}
    result = simulate("QuarterCar", interface_type, **options)
    assert result["z_s"][-1] == pytest.approx(0.1, abs=1e-5)
    assert result["road"][-1] == 0.1


@BOTH
def test_the_wheel_leaves_the_road_only_when_the_bump_is_fast(interface_type: str, simulate: Simulate) -> None:
    fast = simulate("QuarterCar", interface_type, start_values={"speed": SPEED})
    slow = simulate("QuarterCar", interface_type, start_values={"speed": 2.0})
    assert not fast["contact"].all()
    assert slow["contact"].all()


def test_there_is_no_force_in_the_air(simulate: Simulate) -> None:
    result = simulate("QuarterCar", output_interval=1e-3)
    assert (result["tyre_force"][~result["contact"]] == 0).all()
    assert (result["tyre_force"][result["contact"]] > 0).all()
