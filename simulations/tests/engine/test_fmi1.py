"""FMI 1: Model Exchange with state and time events, aliases, parameters; Co-Simulation of a source FMU."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection, Variable
from simulations.tests.engine.workshop import built, make_source_fmu, run


@pytest.fixture
def ball(folder: Path) -> Inspection:
    return built(make_source_fmu(folder, "bounce1"))


def _variable(inspection: Inspection, name: str) -> Variable:
    return next(variable for variable in inspection.variables if variable.name == name)


def test_roles_are_told_in_the_words_of_fmi_3(ball: Inspection) -> None:
    assert (_variable(ball, "g").causality, _variable(ball, "g").variability) == ("parameter", "fixed")
    assert _variable(ball, "v").causality == "local"
    assert not _variable(ball, "v").is_settable
    assert (ball.number_of_continuous_states, ball.number_of_event_indicators) == (2, 1)


@pytest.mark.parametrize(("solver", "tolerance"), [("CVode", 1e-5), ("Euler", 0.01)])
def test_ball_bounces_where_it_should(solver: str, tolerance: float, ball: Inspection, folder: Path) -> None:
    asked = Experiment(solver=solver, step_size=1e-4, output_interval=0.01, relative_tolerance=1e-9)  # type: ignore[arg-type]
    result, _ = run(folder, asked, inspection=ball)
    first = np.sqrt(2 / 9.81)
    falling = result.data["time"] < first
    np.testing.assert_allclose(
        result.data["h"][falling], 1 - 9.81 * result.data["time"][falling] ** 2 / 2, atol=tolerance
    )
    bounced = result.data["time"][np.argmax(result.data["count"] > 0)]
    assert bounced == pytest.approx(first, abs=max(tolerance, 1e-4))


def test_time_event_happens_at_its_time(ball: Inspection, folder: Path) -> None:
    result, _ = run(folder, Experiment(outputs=("lit",)), inspection=ball)
    assert result.data["time"][np.argmax(result.data["lit"])] == 0.5
    assert result.data["lit"].dtype == np.bool_


def test_alias_of_a_variable_is_marked(ball: Inspection) -> None:
    assert _variable(ball, "depth").alias_of == "h"


def test_negated_alias_has_the_opposite_sign(ball: Inspection, folder: Path) -> None:
    result, _ = run(folder, Experiment(outputs=("h", "depth")), inspection=ball)
    assert np.array_equal(result.data["depth"], -result.data["h"])


def test_parameter_is_set(ball: Inspection, folder: Path) -> None:
    result, _ = run(folder, Experiment(start_values={"g": 1.62}, outputs=("h",), stop_time=1.0), inspection=ball)
    assert result.data["h"][-1] == pytest.approx(1 - 1.62 / 2, abs=1e-4)


def test_slave_runs_to_its_end(folder: Path) -> None:
    inspection = built(make_source_fmu(folder, "ramp1"))
    result, notes = run(folder, Experiment(inputs={"time": [0, 1], "u": [1, 1]}), inspection=inspection)
    assert result.data["y"][-1] == pytest.approx(1.0)
    assert "compiled" in notes[0]
