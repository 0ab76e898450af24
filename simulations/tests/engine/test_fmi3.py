"""FMI 3: every type, arrays that a structural parameter sizes, clocks, terminals, event mode and early return."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulations.fmi import check
from simulations.fmi.errors import ExperimentInvalid, FMURefused
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection, Variable
from simulations.fmi.limits import Limits
from simulations.tests.engine.workshop import built, inspect, make_source_fmu, run, unpacked_sample

_EXTREMES: dict[str, Any] = {
    "float32": 0.5,
    "float64": -1e300,
    "int8": -128,
    "uint8": 255,
    "int16": -32768,
    "uint16": 65535,
    "int32": -(2**31),
    "uint32": 2**32 - 1,
    "int64": -(2**63),
    "uint64": 2**64 - 1,
    "boolean": True,
    "enumeration": "first",
}


@pytest.fixture
def feed(folder: Path) -> Inspection:
    return built(make_source_fmu(folder, "feed3"))


def _variable(inspection: Inspection, name: str) -> Variable:
    return next(variable for variable in inspection.variables if variable.name == name)


def test_every_type_goes_through_at_its_extremes(feed: Inspection, folder: Path) -> None:
    start_values = {f"{name}_in": value for name, value in _EXTREMES.items()}
    texts = {"string_in": "Grüße", "binary_in": "01fe00"}
    outputs = tuple(f"{name}_out" for name in _EXTREMES)
    result, _ = run(folder, Experiment(start_values=start_values | texts, outputs=outputs), inspection=feed)
    for name, value in (_EXTREMES | {"enumeration": 7}).items():
        assert result.data[f"{name}_out"][-1] == value, name
    assert result.data.dtype["uint64_out"] == np.uint64
    assert result.data.dtype["boolean_out"] == np.bool_


def test_enumeration_column_carries_its_names(feed: Inspection, folder: Path) -> None:
    result, _ = run(folder, Experiment(outputs=("enumeration_out",)), inspection=feed)
    assert result.columns[0].enumeration == {1: "neutral", 7: "first"}


def test_column_carries_unit_and_display_unit(feed: Inspection, folder: Path) -> None:
    result, _ = run(folder, Experiment(outputs=("sum",)), inspection=feed)
    assert (result.columns[0].unit, result.columns[0].display_unit) == ("rad", "deg")
    assert feed.extra["display_units"]["rad"]["deg"] == [57.29577951308232, 0.0]


def test_array_gives_a_column_for_each_element(feed: Inspection, folder: Path) -> None:
    result, _ = run(folder, Experiment(start_values={"vector": [3, 4]}, outputs=("vector", "sum")), inspection=feed)
    assert result.data.dtype.names == ("time", "vector[0]", "vector[1]", "sum")
    assert result.data["sum"][-1] == 7


def test_structural_parameter_resizes_an_array(feed: Inspection, folder: Path) -> None:
    asked = Experiment(start_values={"n": 4, "vector": [1, 2, 3, 4]}, outputs=("vector", "sum"))
    result, _ = run(folder, asked, inspection=feed)
    assert result.data.dtype.names is not None
    assert len(result.data.dtype.names) == 6
    assert result.data["sum"][0] == 10


def test_array_of_the_wrong_size_is_named_with_its_shape(feed: Inspection) -> None:
    with pytest.raises(
        ExperimentInvalid, match="'vector' is an array of 3, row by row; 2 values were given"
    ) as invalid:
        check.resolve(feed, Experiment(start_values={"n": 3, "vector": [1, 2]}), Limits())
    assert invalid.value.problems[0].field == "start_values.vector"


@pytest.mark.parametrize("value", [[[1], [2]], [[1, 2]], [1, [2]], [1, "a"], "1 2", 3, [[[[]]]], [], {"a": 1}])
def test_what_is_no_array_of_its_shape_is_refused(value: Any, feed: Inspection) -> None:
    with pytest.raises(ExperimentInvalid):
        check.resolve(feed, Experiment(start_values={"vector": value}), Limits())


def test_array_input_is_interpolated_element_by_element(feed: Inspection, folder: Path) -> None:
    inputs: dict[str, list[Any]] = {"time": [0, 1], "vector": [[0, 0], [1, 10]]}
    result, _ = run(folder, Experiment(inputs=inputs, outputs=("vector",)), inspection=feed)
    np.testing.assert_allclose(result.data["vector[1]"], 10 * np.maximum(result.data["time"] - 0.1, 0), atol=1e-12)


def test_single_input_is_mixed_in_double_precision(feed: Inspection, folder: Path) -> None:
    """To the last bit what FMPy does: the samples are rounded to single, the mixture only in the end."""
    inputs: dict[str, list[Any]] = {"time": [0.0, 0.7, 1.0], "float32_in": [0.1, 0.7, 0.3]}
    asked = Experiment(output_interval=0.001, inputs=inputs, outputs=("float32_out",))
    result, _ = run(folder, asked, inspection=feed)
    times = result.data["time"][1:700]  # what is put in at one row comes out at the next
    first, second = np.float64(np.float32(0.1)), np.float64(np.float32(0.7))
    weights = (0.7 - times) / 0.7
    expected = (weights * first + (1 - weights) * second).astype(np.float32)
    np.testing.assert_array_equal(result.data["float32_out"][2:701].astype(np.float32), expected)


@pytest.mark.parametrize(
    ("name", "samples"),
    [("int32", [1, 2, 3]), ("boolean", [False, True, False]), ("enumeration", ["neutral", "first", "neutral"])],
)
def test_discrete_input_moves_in_steps(name: str, samples: list[Any], feed: Inspection, folder: Path) -> None:
    inputs = {"time": [0.0, 0.45, 1.0], f"{name}_in": samples}
    result, _ = run(folder, Experiment(inputs=inputs, outputs=(f"{name}_out",)), inspection=feed)
    values = result.data[f"{name}_out"]
    before, after = result.data["time"] <= 0.45, (result.data["time"] > 0.45) & (result.data["time"] < 1)
    numbers = {"neutral": 1, "first": 7}
    assert set(values[before].tolist()) == {numbers.get(samples[0], samples[0])}
    assert set(values[after].tolist()) == {numbers.get(samples[1], samples[1])}
    assert 0.45 in result.data["time"]


def test_event_mode_is_tried_where_the_plain_way_is_refused(folder: Path) -> None:
    inspection = built(make_source_fmu(folder, "feed3", "ONLY_WITH_EVENT_MODE"))
    result, notes = run(folder, Experiment(outputs=("step",)), inspection=inspection)
    assert "with event mode" in notes[0]
    at_the_event = result.data[result.data["time"] == 0.25]
    assert at_the_event["step"].tolist() == [0, 1]
    assert result.data["time"][-1] == 1.0


def test_alias_carries_the_name_of_its_variable(feed: Inspection, folder: Path) -> None:
    alias = _variable(feed, "force")
    assert (alias.alias_of, alias.description) == ("vector", "the vector by another name")
    result, _ = run(folder, Experiment(start_values={"force": [5, 6]}, outputs=("sum",)), inspection=feed)
    assert result.data["sum"][0] == 11


def test_clock_is_reported_and_can_be_neither_set_nor_recorded(feed: Inspection) -> None:
    assert _variable(feed, "tick").type == "Clock"
    with pytest.raises(ExperimentInvalid) as invalid:
        check.resolve(feed, Experiment(start_values={"tick": True}, outputs=("tick",)), Limits())
    assert [problem.code for problem in invalid.value.problems] == ["not_settable", "not_recordable"]


def test_terminals_are_listed(folder: Path) -> None:
    make_source_fmu(folder, "feed3")
    (folder / "terminalsAndIcons").mkdir()
    (folder / "terminalsAndIcons" / "terminalsAndIcons.xml").write_text(
        '<fmiTerminalsAndIcons fmiVersion="3.0"><Terminals><Terminal name="flange"/></Terminals></fmiTerminalsAndIcons>'
    )
    assert inspect(folder).terminals == ("flange",)


def test_matrix_start_value_is_taken_as_nested_rows(folder: Path) -> None:
    unpacked_sample("BatteryCell", folder)
    inspection = inspect(folder)
    matrix = next(variable for variable in inspection.variables if len(variable.dimensions) == 2)
    rows, width = matrix.dimensions
    nested = [[matrix.start[row * width + column] for column in range(width)] for row in range(rows)]
    flat, _ = run(folder, Experiment(start_values={matrix.name: matrix.start}))
    nest, _ = run(folder, Experiment(start_values={matrix.name: nested}))
    assert np.array_equal(flat.data, nest.data)


def test_step_that_the_fmu_refuses_names_the_function(feed: Inspection, folder: Path) -> None:
    with pytest.raises(FMURefused, match="fmi3SetString answered with an error at t=0"):
        run(folder, Experiment(start_values={"string_in": "something else"}), inspection=feed)
