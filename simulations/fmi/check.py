"""An experiment against an inspection: defaults filled in, every mistake named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from simulations.fmi import defaults
from simulations.fmi.checks.budget import budget_problems
from simulations.fmi.checks.inputs import input_problems
from simulations.fmi.checks.interface import interface_problems
from simulations.fmi.checks.outputs import output_problems
from simulations.fmi.checks.start_values import start_value_problems
from simulations.fmi.checks.times import number_problems, time_problems
from simulations.fmi.errors import ExperimentInvalid, FieldProblem
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import Limits

# More mistakes than a person reads, and fewer than make a large answer.
MOST_PROBLEMS = 100


def resolve(inspection: Inspection, experiment: Experiment, limits: Limits) -> Experiment:
    """The experiment with nothing left open: interface type, times, interval, solver, tolerance, outputs.

    Raises ExperimentInvalid that names every bad field of the request at once, up to MOST_PROBLEMS: unknown variables
    (with the nearest name), wrong types, times in the wrong order, inputs that do not meet the run, more values than
    the limit. Pure: reads no file, loads no FMPy, so that the web process can call it.
    """
    if problem := _refusal(inspection):
        raise ExperimentInvalid([problem])
    wrong_numbers = list(number_problems(experiment))
    dropped: dict[str, Any] = dict.fromkeys(problem.field for problem in wrong_numbers)
    filled = defaults.fill(inspection, replace(experiment, **dropped))
    mistakes = chain(
        interface_problems(inspection, experiment),
        wrong_numbers,
        time_problems(filled),
        start_value_problems(inspection, filled),
        input_problems(inspection, filled),
        output_problems(inspection, filled),
    )
    if problems := _first(mistakes) or list(budget_problems(inspection, filled, limits)):
        raise ExperimentInvalid(problems)
    return replace(filled, input_units={})


def _first(mistakes: Iterator[FieldProblem]) -> list[FieldProblem]:
    """As many as are worth an answer; the others are not even looked for."""
    first = list(islice(mistakes, MOST_PROBLEMS))
    if len(first) == MOST_PROBLEMS and next(mistakes, None):
        first.append(FieldProblem("", "too_many_problems", "There are more mistakes; mend these first."))
    return first


def _refusal(inspection: Inspection) -> FieldProblem | None:
    verdict = inspection.verdict
    if verdict.runs:
        return None
    return FieldProblem(
        "fmu", verdict.code or "does_not_run", " ".join(filter(None, (verdict.summary, verdict.next_step)))
    )
