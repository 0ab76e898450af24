"""What the server writes beside its curves."""

from __future__ import annotations

import numpy as np
import pytest

from simulations.fmi.experiment import Column, Result
from simulations.views.drawing import Drawing, Signal, draw, draw_result, roomy


def curve(until: float, values: list[float]) -> Drawing:
    times = np.linspace(0, until, len(values))
    return draw([Signal(panel="", label="y", unit="m", pen=1, times=times, values=np.array(values))])


@pytest.mark.parametrize(
    ("until", "labels"),
    [
        (4e-6, ["0 s", "1e\u22126 s", "2e\u22126 s", "3e\u22126 s", "4e\u22126 s"]),
        (4, ["0 s", "1 s", "2 s", "3 s", "4 s"]),
        (40_000, ["0 s", "10000 s", "20000 s", "30000 s", "40000 s"]),
        (4e7, ["0 s", "1e7 s", "2e7 s", "3e7 s", "4e7 s"]),
    ],
)
def test_times_keep_the_digits_that_tell_them_apart(until: float, labels: list[str]) -> None:
    assert [label for _, label in curve(until, [0, 1]).times] == labels


def test_levels_of_one_axis_are_written_in_one_way() -> None:
    levels = [label for _, label in curve(1, [-2e-5, 2e-5]).panels[0].levels]
    assert levels == ["\u22122e\u22125", "0", "2e\u22125"]


def test_levels_far_from_zero_differ() -> None:
    levels = [label for _, label in curve(1, [40_000.0, 40_001.0]).panels[0].levels]
    assert len(set(levels)) == len(levels) > 2


@pytest.mark.parametrize("values", [[False, False], [True, True], [False, True]])
def test_truth_value_reads_0_and_1(values: list[bool]) -> None:
    columns = (Column(name="time", unit="s"), Column(name="saturated"))
    data = np.array(list(enumerate(values)), dtype=[("time", float), ("saturated", bool)])
    (panel,) = draw_result(Result(columns=columns, data=data), stop_time=1.0, partial=False).panels
    assert panel.levels == ((93.1, "0"), (6.9, "1"))


def test_values_at_the_end_of_all_numbers_are_drawn() -> None:
    assert "nan" not in str(curve(1, [-1.7e308, 1.7e308]).panels[0].curves)


@pytest.mark.parametrize(("low", "high", "ends"), [(0, 10, (-0.8, 10.8)), (50, 50, (46, 54)), (0, 0, (-1, 1))])
def test_axis_has_room_around_its_values(low: float, high: float, ends: tuple[float, float]) -> None:
    assert roomy(low, high) == pytest.approx(ends)


def test_no_two_of_six_curves_in_a_panel_have_one_colour() -> None:
    units = ["m", "K", "V", "A"] * 6
    columns = (
        Column(name="time", unit="s"),
        *(Column(name=f"y{place}", unit=unit) for place, unit in enumerate(units)),
    )
    data = np.zeros(2, dtype=[(column.name, float) for column in columns])
    drawing = draw_result(Result(columns=columns, data=data), stop_time=1.0, partial=False)
    for panel in drawing.panels:
        assert len({curve.pen for curve in panel.curves}) == len(panel.curves) == 6
