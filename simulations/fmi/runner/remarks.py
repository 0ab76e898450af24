"""Sentences for the notes of a run: how it was driven, and what a reader of the result should know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulations.fmi import values
from simulations.fmi.attempts import Attempt
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.fmi.runner.run import Run

_HOW = {
    "repaired": "Its binary has another name than its model identifier.",
    "legacy_libraries": "Libraries of an older compiler were lent to it.",
    "compiled": "It was compiled here from its sources.",
}


def way(attempt: Attempt) -> str:
    """'Model Exchange with Euler, without being told the stop time'."""
    parts = ["Co-Simulation" if attempt.interface.type == "CoSimulation" else "Model Exchange"]
    if attempt.solver:
        parts.append(f"with {attempt.solver}")
    if attempt.event_mode:
        parts.append("with event mode")
    if not attempt.tell_stop_time:
        parts.append("without telling the stop time")
    return " ".join(parts)


def ran(run: Run) -> str:
    """The way that worked, with its numbers, and the rung of the ladder where it is not the plain one."""
    experiment, how = run.experiment, _HOW.get(run.inspection.verdict.rung or "", "")
    if run.attempt.solver == "CVode":
        numbers = f"relative tolerance {experiment.relative_tolerance:g}"
        if experiment.left_open and "step_size" not in experiment.left_open:
            numbers += "; it chooses its own steps, so step_size only set the output interval if that was left open"
    elif run.attempt.solver == "Euler":
        numbers = f"step {experiment.step_size:g}"
    else:
        numbers = f"communication step {experiment.step_size or run.interval:g}, the FMU's own solver"
    return f"Ran as {way(run.attempt)}, {numbers}. {how}".strip()


def leave_out(reason: str, names: Sequence[str]) -> str:
    """The reason of a failure, and that the request stood in the way of trying more."""
    if not names:
        return reason
    named = " and ".join(f"`{name}`" for name in names)
    return f"{reason.rstrip('.')}. Leave {named} out and the gateway tries others."


def missing(run: Run) -> Iterator[str]:
    """Functions of the standard that the binary lacks and the run did not need."""
    if run.fmu.missing:
        names = ", ".join(sorted(run.fmu.missing)[:10])
        yield f"The binary lacks functions that this run could do without: {names}."


def bounds(inspection: Inspection, experiment: Experiment) -> Iterator[str]:
    """Start values outside the range that the model declares; tools declare sloppily, so it is no error."""
    for variable in inspection.variables:
        if variable.name not in experiment.start_values or (variable.min is None and variable.max is None):
            continue
        value = experiment.start_values[variable.name]
        low, high = variable.min, variable.max
        for number in values.convert(variable, value, ()) if not isinstance(value, list) else ():
            if (low is not None and number < low) or (high is not None and number > high):
                shown = " to ".join("..." if bound is None else f"{bound:g}" for bound in (low, high))
                yield f"'{variable.name}' = {number:g} lies outside the range {shown} that the model declares."
