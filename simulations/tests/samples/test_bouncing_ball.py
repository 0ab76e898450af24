"""BouncingBall against the closed form of its bounces."""

import numpy as np
import pytest
from numpy.typing import NDArray

from .conftest import Simulate

G = 9.81


def height(t: float, h: float, e: float) -> float:
    """Where a ball dropped from h is at time t, bounce by bounce; t must come before the end of all bounces."""
    fall = np.sqrt(2 * h / G)
    if t < fall:
        return h - G / 2 * t**2
    t -= fall
    speed = np.sqrt(2 * G * h) * e
    while t > 2 * speed / G:
        t -= 2 * speed / G
        speed *= e
    return float(speed * t - G / 2 * t**2)


def heights(time: NDArray[np.float64], h: float, e: float) -> list[float]:
    return [height(t, h, e) for t in time]


@pytest.mark.parametrize(("interface_type", "tolerance"), [("CoSimulation", 1e-9), ("ModelExchange", 1e-4)])
def test_the_curve_is_the_closed_form(interface_type: str, tolerance: float, simulate: Simulate) -> None:
    result = simulate("BouncingBall", interface_type, stop_time=2.3, output_interval=0.01, record_events=False)
    assert result["h"] == pytest.approx(heights(result["time"], 1, 0.7), abs=tolerance)


@pytest.mark.parametrize(("h", "e"), [(0.8, 0.5), (4, 0.9)])
def test_other_start_values_have_their_own_curve(h: float, e: float, simulate: Simulate) -> None:
    result = simulate("BouncingBall", start_values={"h": h, "e": e}, stop_time=0.8)
    assert result["h"] == pytest.approx(heights(result["time"], h, e), abs=1e-9)


def test_first_bounce_happens_after_the_time_of_the_fall(simulate: Simulate) -> None:
    result = simulate("BouncingBall", "ModelExchange", start_values={"h": 2}, stop_time=1)
    first = result["time"][np.argmax(result["bounces"] > 0)]
    assert first == pytest.approx(np.sqrt(2 * 2 / G), abs=1e-6)


def test_all_bounces_end_at_their_limit(simulate: Simulate) -> None:
    e = 0.7
    limit = np.sqrt(2 / G) * (1 + e) / (1 - e)
    result = simulate("BouncingBall", start_values={"v_min": 1e-3}, output_interval=1e-3)
    at_rest = result["time"][np.argmax(result["resting"])]
    assert limit - 0.001 < at_rest < limit + 0.001
    assert result["h"][-1] == 0
    assert result["v"][-1] == 0


def test_an_ideal_ball_keeps_its_energy_for_a_hundred_bounces(simulate: Simulate) -> None:
    result = simulate("BouncingBall", start_values={"e": 1}, stop_time=100, output_interval=0.1)
    assert result["bounces"][-1] > 100
    assert result["energy"] == pytest.approx(np.full(1001, G), rel=1e-9)


def test_bounces_shorter_than_the_communication_step_are_not_missed(simulate: Simulate) -> None:
    result = simulate("BouncingBall", stop_time=4, output_interval=4)
    assert result["bounces"].tolist() == [0, 13]
    assert result["resting"].tolist() == [False, True]


def test_a_ball_without_bounce_lies_where_it_falls(simulate: Simulate) -> None:
    result = simulate("BouncingBall", start_values={"e": 0}, stop_time=1)
    assert result["bounces"][-1] == 1
    assert result["h"][-1] == 0
