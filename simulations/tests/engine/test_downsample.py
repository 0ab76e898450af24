"""Fewer points that look the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulations.fmi.downsample import downsample
from simulations.fmi.experiment import Column, Result


def _result(rows: int, *names: str) -> Result:
    data = np.zeros(rows, dtype=[("time", np.float64), *((name, np.float64) for name in names)])
    data["time"] = np.arange(rows) / 100
    return Result(columns=tuple(Column(name=name) for name in names), data=data)


def test_short_result_is_left_alone() -> None:
    result = _result(100, "y")
    assert downsample(result, 100) is result


def test_first_last_and_extreme_samples_survive() -> None:
    result = _result(100_000, "y", "z")
    result.data["y"][12_345], result.data["z"][77_777] = 5.0, -3.0
    few = downsample(result, 500)
    assert few.data[0] == result.data[0]
    assert few.data[-1] == result.data[-1]
    assert few.data["y"].max() == 5.0
    assert few.data["z"].min() == -3.0


def test_sine_keeps_its_shape() -> None:
    result = _result(50_000, "y")
    result.data["y"] = np.sin(result.data["time"] / 10)
    few = downsample(result, 1000)
    again = np.interp(result.data["time"], few.data["time"], few.data["y"])
    assert np.abs(again - result.data["y"]).max() < 0.05


def test_truth_values_keep_their_switching() -> None:
    data = np.zeros(10_000, dtype=[("time", np.float64), ("on", np.bool_)])
    data["time"] = np.arange(10_000)
    data["on"][5000:] = True
    few = downsample(Result(columns=(Column(name="on"),), data=data), 100)
    assert len(few.data) <= 100
    assert np.diff(few.data["on"].astype(int)).tolist().count(1) == 1


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_do_no_harm(value: float) -> None:
    result = _result(10_000, "y", "z")
    result.data["y"][2_000:3_000] = value
    result.data["z"][5_000] = 7.0
    few = downsample(result, 300)
    assert len(few.data) <= 300
    assert few.data["z"].max() == 7.0


@settings(deadline=None)
@given(rows=st.integers(1, 3000), points=st.integers(3, 400), outputs=st.integers(0, 8), seed=st.integers(0, 9))
def test_result_never_has_more_points_than_asked(rows: int, points: int, outputs: int, seed: int) -> None:
    result = _result(rows, *(f"y{index}" for index in range(outputs)))
    for column in result.columns:
        result.data[column.name] = np.random.default_rng(seed).normal(size=rows)
    few = downsample(result, points)
    assert len(few.data) <= points
    assert np.all(np.diff(few.data["time"]) > 0)


def test_two_points_are_too_few() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        downsample(_result(10, "y"), 2)
