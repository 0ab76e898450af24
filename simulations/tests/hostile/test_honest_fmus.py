"""What must keep working inside the cage: the other half of isolation."""

from __future__ import annotations

import numpy as np
import pytest

from simulations.fmi.experiment import Experiment
from simulations.tests.hostile.range import SAMPLE, Range
from simulations.tests.hostile.workshop import Workshop

HONEST = [
    "uses_threads",
    "writes_code_and_runs_it",
    "maps_writable_code",
    "writes_temporary_files",
    "reads_its_resources",
    "loads_another_library",
    "asks_the_system",
    "prints_to_nowhere",
    "catches_its_own_fault",
    "does_without_a_shell",
    "fills_half_its_memory",
]


@pytest.mark.parametrize("what", HONEST)
def test_honest_fmu_works(workshop: Workshop, grounds: Range, what: str) -> None:
    outcome = grounds.run(workshop.fmu("honest.c", what))
    assert outcome.error is None, outcome.error
    assert outcome.result is not None
    assert outcome.result.data["loot"][-1] == 0


def test_openmp_with_exceptions_works(workshop: Workshop, grounds: Range) -> None:
    outcome = grounds.run(workshop.fmu("openmp.cpp", "uses_openmp", flags=("-fopenmp",)))
    assert outcome.error is None, outcome.error
    assert outcome.result is not None
    assert outcome.result.data["loot"][-1] == 0


def test_model_exchange_with_cvode_agrees_with_the_analytic_solution(grounds: Range) -> None:
    """A ball falls from 1 m: h = 1 - g t^2 / 2 until it first meets the ground at 0.45 s."""
    free_fall = Experiment(interface_type="ModelExchange", solver="CVode", stop_time=0.4, output_interval=0.01)
    outcome = grounds.run(SAMPLE, free_fall)
    assert outcome.error is None, outcome.error
    assert outcome.result is not None
    time, height = outcome.result.data["time"], outcome.result.data["h"]
    np.testing.assert_allclose(height, 1 - 9.81 * time**2 / 2, atol=1e-4)


def test_what_the_fmu_prints_is_its_log(workshop: Workshop, grounds: Range) -> None:
    outcome = grounds.run(workshop.fmu("honest.c", "logs"))
    assert sorted(outcome.log.splitlines()) == ["a line of the FMU", "and one of its complaints"]


def test_the_log_of_a_crash_is_kept(workshop: Workshop, grounds: Range) -> None:
    outcome = grounds.run(workshop.fmu("throws.cpp", "throws"))
    assert "nobody catches this" in outcome.log
