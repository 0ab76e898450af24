"""An experiment is checked before it costs anything: every bad field is named at once, with what would fit."""

from __future__ import annotations

import contextlib
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulations.fmi import check
from simulations.fmi.errors import ExperimentInvalid, FieldProblem
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import DefaultExperiment, Inspection
from simulations.fmi.limits import Limits
from simulations.tests.engine.workshop import description, inspect, make_fmu

_NAME = st.sampled_from(["x", "der(x)", "k", "u", "y", "count", "mode", "on", "time", "nothing", ""])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
_MAPPING = st.dictionaries(_NAME, _JSON, max_size=4)


@pytest.fixture(scope="module")
def decay(tmp_path_factory: pytest.TempPathFactory) -> Inspection:
    """x, k, u, y, count, mode (slow, fast), on; 0 to 1 s by 0.01."""
    return inspect(make_fmu(tmp_path_factory.mktemp("decay")))


def _problems(inspection: Inspection, **fields: Any) -> list[FieldProblem]:
    with pytest.raises(ExperimentInvalid) as invalid:
        check.resolve(inspection, Experiment(**fields), Limits())
    return invalid.value.problems


def test_defaults_follow_the_default_experiment(decay: Inspection) -> None:
    resolved = check.resolve(decay, Experiment(), Limits())
    assert (resolved.interface_type, resolved.start_time, resolved.stop_time) == ("CoSimulation", 0.0, 1.0)
    assert (resolved.output_interval, resolved.step_size, resolved.solver) == (0.01, 0.01, None)
    assert resolved.outputs == ("y", "count")
    assert resolved.record_events is True
    assert "stop_time" in resolved.left_open


def test_asked_values_are_kept(decay: Inspection) -> None:
    asked = Experiment(stop_time=4.0, output_interval=0.5, step_size=0.1, relative_tolerance=1e-9, outputs=("x",))
    resolved = check.resolve(decay, asked, Limits())
    assert (resolved.stop_time, resolved.output_interval, resolved.step_size) == (4.0, 0.5, 0.1)
    assert (resolved.relative_tolerance, resolved.outputs) == (1e-9, ("x",))
    assert "stop_time" not in resolved.left_open


def test_solver_leads_to_model_exchange(decay: Inspection) -> None:
    resolved = check.resolve(decay, Experiment(solver="Euler"), Limits())
    assert (resolved.interface_type, resolved.step_size) == ("ModelExchange", 0.01)


def test_long_run_keeps_to_a_thousand_rows_and_divides_evenly(decay: Inspection) -> None:
    resolved = check.resolve(decay, Experiment(stop_time=70.0), Limits())
    assert resolved.output_interval == pytest.approx(0.07)


@pytest.mark.parametrize(
    ("stop", "rows"), [(1.0, 1000), (3.0, 600), (7.3, 730), (600.0, 600), (1e-6, 1000), (8e9, 800)]
)
def test_interval_without_any_hint_is_round(stop: float, rows: int, decay: Inspection) -> None:
    silent = replace(decay, default_experiment=DefaultExperiment())
    resolved = check.resolve(silent, Experiment(stop_time=stop), Limits())
    assert round(stop / (resolved.output_interval or 1)) == rows


def test_misspelt_variable_is_named_with_the_nearest(decay: Inspection) -> None:
    (problem,) = _problems(decay, start_values={"K": 1.0})
    assert problem == FieldProblem(
        "start_values.K", "unknown_variable", "'K' is not a variable of Decay; did you mean 'k'?"
    )


def test_name_that_is_like_none_is_told_some_that_there_are(decay: Inspection) -> None:
    (problem,) = _problems(decay, outputs=("temperature",))
    assert problem.message == "'temperature' is not a variable of Decay; it has k, mode, on, u, y, count and others."


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("y", "'y' is an output variable, not an input; the inputs begin with u."),
        ("x", "'x' is a local variable, not an input; use start_values."),
    ],
)
def test_what_is_no_input_is_sent_where_it_belongs(name: str, message: str, decay: Inspection) -> None:
    (problem,) = _problems(decay, inputs={"time": [0, 1], name: [0, 1]})
    assert problem.message == message


def test_every_bad_field_is_named_at_once(decay: Inspection) -> None:
    problems = _problems(
        decay,
        stop_time=-1.0,
        relative_tolerance=2.0,
        start_values={"nowhere": 1, "k": "much", "y": 3},
        inputs={"time": [0, 1], "q": [0, 1]},
        outputs=("x", "z"),
    )
    assert [(problem.field, problem.code) for problem in problems] == [
        ("stop_time", "stop_before_start"),
        ("relative_tolerance", "out_of_range"),
        ("start_values.nowhere", "unknown_variable"),
        ("start_values.k", "wrong_type"),
        ("start_values.y", "not_settable"),
        ("inputs.q", "unknown_variable"),
        ("outputs[1]", "unknown_variable"),
    ]


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"start_values": {"k": True}}, "start_values.k", "wrong_type"),
        ({"start_values": {"k": [1.0]}}, "start_values.k", "wrong_type"),
        ({"start_values": {"k": None}}, "start_values.k", "wrong_type"),
        ({"start_values": {"k": math.nan}}, "start_values.k", "not_finite"),
        ({"start_values": {"k": 10**400}}, "start_values.k", "not_finite"),
        ({"start_values": {"on": "maybe"}}, "start_values.on", "wrong_type"),
        ({"start_values": {"mode": "medium"}}, "start_values.mode", "wrong_type"),
        ({"start_values": {"mode": 3}}, "start_values.mode", "wrong_type"),
        ({"start_values": {"mode": 1.5}}, "start_values.mode", "wrong_type"),
        ({"start_values": {"der(x)": 1.0}}, "start_values.der(x)", "not_settable"),
        ({"start_time": math.nan}, "start_time", "not_a_number"),
        ({"stop_time": math.inf}, "stop_time", "not_a_number"),
        ({"stop_time": 10**400}, "stop_time", "not_a_number"),
        ({"start_time": 2.0}, "start_time", "stop_before_start"),
        ({"start_time": -1.7e308, "stop_time": 1.7e308}, "stop_time", "out_of_range"),
        ({"output_interval": 0.0}, "output_interval", "not_positive"),
        ({"output_interval": -1.0}, "output_interval", "not_positive"),
        ({"step_size": -0.1}, "step_size", "not_positive"),
        ({"relative_tolerance": 0.0}, "relative_tolerance", "not_positive"),
        ({"output_interval": 0.01, "step_size": 0.003}, "step_size", "does_not_divide"),
        ({"stop_time": 1e300, "output_interval": 1.0}, "output_interval", "too_many_values"),
        ({"output_interval": 1e-300}, "output_interval", "too_many_values"),
        ({"output_interval": 5e-324}, "output_interval", "too_many_values"),
        ({"output_interval": 0.5, "step_size": 1e-9}, "step_size", "too_many_steps"),
        ({"interface_type": "ScheduledExecution"}, "interface_type", "invalid"),
        ({"solver": "Dassl"}, "solver", "invalid"),
        ({"interface_type": "CoSimulation", "solver": "CVode"}, "solver", "not_applicable"),
        ({"inputs": {"u": [1.0]}}, "inputs.time", "required"),
        ({"inputs": {"time": [], "u": []}}, "inputs.time", "not_a_number"),
        ({"inputs": {"time": [0, "x"], "u": [0, 1]}}, "inputs.time", "not_a_number"),
        ({"inputs": {"time": [0, math.nan, 1], "u": [0, 0, 1]}}, "inputs.time", "not_a_number"),
        ({"inputs": {"time": [0, 1, 0.5], "u": [0, 1, 2]}}, "inputs.time[2]", "not_increasing"),
        ({"inputs": {"time": [2, 3], "u": [0, 1]}}, "inputs.time", "outside_the_run"),
        ({"inputs": {"time": [-2, -1], "u": [0, 1]}}, "inputs.time", "outside_the_run"),
        ({"inputs": {"time": [0, 1], "u": [0, 1, 2]}}, "inputs.u", "unequal_lengths"),
        ({"inputs": {"time": [0, 1], "u": [0, "a"]}}, "inputs.u[1]", "wrong_type"),
        ({"inputs": {"time": [0, 1], "u": 3}}, "inputs.u", "wrong_type"),
        ({"inputs": {"time": [0, 1], "y": [0, 1]}}, "inputs.y", "not_an_input"),
        ({"outputs": ("x", "x")}, "outputs[1]", "repeated"),
        ({"outputs": ()}, "outputs", "required"),
        ({"outputs": ("time",)}, "outputs", "required"),
    ],
)
def test_bad_field_is_named(fields: dict[str, Any], field: str, code: str, decay: Inspection) -> None:
    problems = _problems(decay, **fields)
    assert [(problem.field, problem.code) for problem in problems] == [(field, code)]


@pytest.mark.parametrize(
    "fields",
    [
        {"start_values": {"k": 2, "on": True, "mode": "fast", "u": 1.5}},
        {"start_values": {"mode": 2, "on": 1}},
        {"inputs": {"time": [0, 0.5, 0.5, 1], "u": [0, 0, 1, 1]}},
        {"inputs": {"time": [-1, 2], "u": [0, 1]}},
        {"inputs": {"time": [0.25, 0.75], "u": [0, 1]}},
        {"outputs": ("time", "x")},
    ],
)
def test_sound_request_passes(fields: dict[str, Any], decay: Inspection) -> None:
    check.resolve(decay, Experiment(**fields), Limits())


def test_model_without_anything_to_record_runs(decay: Inspection) -> None:
    silent = [replace(variable, type="Binary") for variable in decay.variables]
    resolved = check.resolve(replace(decay, variables=tuple(silent), continuous_states=()), Experiment(), Limits())
    assert resolved.outputs == ()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(start_values=_MAPPING, inputs=_MAPPING, outputs=st.lists(_NAME, max_size=3))
def test_whatever_json_holds_is_resolved_or_named(
    start_values: dict[str, Any], inputs: dict[str, Any], outputs: list[str], decay: Inspection
) -> None:
    asked = Experiment(start_values=start_values, inputs=inputs, outputs=tuple(outputs))
    with contextlib.suppress(ExperimentInvalid):
        check.resolve(decay, asked, Limits())


def test_interface_that_is_not_offered_is_named(tmp_path: Path) -> None:
    inspection = inspect(make_fmu(tmp_path, xml=description(kinds=["CoSimulation"])))
    (problem,) = _problems(inspection, interface_type="ModelExchange")
    assert (problem.code, problem.message) == ("not_offered", "Decay offers CoSimulation, not 'ModelExchange'.")


def test_too_many_values_tells_an_interval_that_fits(decay: Inspection) -> None:
    with pytest.raises(ExperimentInvalid, match=r"an output_interval of 0\.01 or more fits"):
        check.resolve(decay, Experiment(output_interval=1e-4), Limits(values=300))


def test_fmu_that_does_not_run_refuses_every_experiment(tmp_path: Path) -> None:
    (tmp_path / "binaries" / "win64").mkdir(parents=True)
    (tmp_path / "binaries" / "win64" / "Decay.dll").write_bytes(b"MZ")
    (tmp_path / "modelDescription.xml").write_text(description())
    (problem,) = _problems(inspect(tmp_path))
    assert (problem.field, problem.code) == ("fmu", "windows_only")
