"""Steps, rows and inputs over time, against analytic solutions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulations.fmi.experiment import Experiment
from simulations.tests.engine.workshop import make_fmu, run, unpacked_sample


def test_communication_steps_may_be_finer_than_rows(folder: Path) -> None:
    asked = Experiment(interface_type="CoSimulation", output_interval=0.1, step_size=0.01, outputs=("count",))
    result, notes = run(make_fmu(folder), asked)
    assert result.data["count"].tolist() == list(range(0, 101, 10))
    assert "communication step 0.01" in notes[0]


def test_euler_takes_steps_of_step_size_and_converges_with_it(folder: Path) -> None:
    make_fmu(folder)

    def error(step: float) -> float:
        asked = Experiment(solver="Euler", output_interval=0.1, step_size=step, outputs=("x",))
        result, _ = run(folder, asked)
        assert len(result.data) == 11
        return float(np.abs(result.data["x"] - np.exp(-result.data["time"])).max())

    assert error(0.01) / error(0.001) == pytest.approx(10, rel=0.05)


def test_cvode_keeps_its_tolerance(folder: Path) -> None:
    asked = Experiment(solver="CVode", relative_tolerance=1e-9, output_interval=0.1, outputs=("x",))
    result, notes = run(make_fmu(folder), asked)
    np.testing.assert_allclose(result.data["x"], np.exp(-result.data["time"]), rtol=1e-7)
    assert notes[0] == "Ran as Model Exchange with CVode, relative tolerance 1e-09."


@pytest.mark.parametrize("kind", ["CoSimulation", "ModelExchange"])
def test_times_without_events_are_those_of_the_interval(kind: str, folder: Path) -> None:
    unpacked_sample("BouncingBall", folder)
    asked = Experiment(interface_type=kind, output_interval=0.01, record_events=False)  # type: ignore[arg-type]
    result, _ = run(folder, asked)
    np.testing.assert_allclose(np.diff(result.data["time"]), 0.01, atol=1e-12)


def test_event_is_recorded_before_and_after(folder: Path) -> None:
    unpacked_sample("BouncingBall", folder)
    result, _ = run(folder, Experiment(interface_type="ModelExchange", outputs=("h", "v")))
    twice = np.flatnonzero(np.diff(result.data["time"]) == 0)
    assert len(twice) > 3
    assert (result.data["v"][twice] < 0).all()
    assert (result.data["v"][twice + 1] >= 0).all()


def test_ramp_on_an_input_is_followed(folder: Path) -> None:
    """x' = u with u = t, one explicit step a millisecond: the sum of the held inputs."""
    inputs = {"time": [0.0, 1.0], "u": [0.0, 1.0]}
    asked = Experiment(
        interface_type="CoSimulation", step_size=0.001, start_values={"k": 0, "x": 0}, inputs=inputs, outputs=("x",)
    )
    result, _ = run(make_fmu(folder), asked)
    assert result.data["x"][-1] == pytest.approx(0.5, abs=1e-3)


def test_step_on_an_input_happens_at_its_time(folder: Path) -> None:
    inputs = {"time": [0.0, 0.5, 0.5, 1.0], "u": [0.0, 0.0, 1.0, 1.0]}
    asked = Experiment(
        solver="CVode", relative_tolerance=1e-9, start_values={"k": 0, "x": 0}, inputs=inputs, outputs=("x",)
    )
    result, _ = run(make_fmu(folder), asked)
    np.testing.assert_allclose(result.data["x"], np.maximum(result.data["time"] - 0.5, 0), atol=1e-9)


@pytest.mark.parametrize("kind", ["CoSimulation", "ModelExchange"])
def test_samples_hold_where_the_run_goes_on_without_them(kind: str, folder: Path) -> None:
    """x' = u with u = 0.25 at first, a ramp of a quarter of a second, and then 0.5."""
    inputs = {"time": [0.25, 0.5], "u": [0.25, 0.5]}
    asked = Experiment(
        interface_type=kind,  # type: ignore[arg-type]
        step_size=0.001 if kind == "CoSimulation" else None,
        start_values={"k": 0, "x": 0},
        inputs=inputs,
        outputs=("x",),
    )
    result, notes = run(make_fmu(folder), asked)
    assert result.data["x"][-1] == pytest.approx(0.25**2 + 0.25 * 0.375 + 0.5**2, abs=0.01)
    assert "The inputs begin at 0.25, the run at 0: until then the first samples hold." in notes
    assert "The inputs end at 0.5, the run at 1: from then on the last samples hold." in notes


def test_run_may_begin_before_zero(folder: Path) -> None:
    asked = Experiment(start_time=-0.5, stop_time=0.5, output_interval=0.1, outputs=("x",), solver="CVode")
    result, _ = run(make_fmu(folder), asked)
    np.testing.assert_allclose(result.data["time"], np.linspace(-0.5, 0.5, 11), atol=1e-12)
    np.testing.assert_allclose(result.data["x"], np.exp(-(result.data["time"] + 0.5)), rtol=1e-3)


def test_rows_that_grow_beyond_the_first_block_stay_in_order(folder: Path) -> None:
    result, _ = run(
        make_fmu(folder), Experiment(interface_type="CoSimulation", output_interval=1e-4, outputs=("count",))
    )
    assert result.data["count"].tolist() == list(range(10_001))


def test_step_size_that_does_not_apply_to_cvode_is_noted(folder: Path) -> None:
    _, notes = run(make_fmu(folder), Experiment(solver="CVode", step_size=0.1))
    assert "chooses its own steps, so step_size only set the output interval" in notes[0]
