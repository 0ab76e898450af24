"""Input signals: a time axis that meets the run, known inputs, as many samples as times, right types."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from simulations.fmi import values
from simulations.fmi.checks.names import Names
from simulations.fmi.csv_inputs import unit_problems
from simulations.fmi.errors import FieldProblem
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection, Variable

_SLACK = 1e-9  # of the run's length: nobody means so small a gap


def input_problems(inspection: Inspection, experiment: Experiment) -> Iterator[FieldProblem]:
    if experiment.inputs is None:
        return
    time = experiment.inputs.get("time")
    problem = _axis_problem(time)
    if problem or time is None:
        yield problem or FieldProblem("inputs.time", "required", "inputs needs 'time', the times of the samples.")
        return
    yield from _meeting_problems(time, experiment)
    names, sizes = Names(inspection), values.sizes(inspection, experiment.start_values)
    for name, samples in experiment.inputs.items():
        if name != "time":
            yield from _signal_problems(names, sizes.get(name, ()), name, samples, len(time))
    if experiment.input_units:
        units = {variable.name: variable.unit for variable in inspection.variables}
        yield from unit_problems(experiment.input_units, units, _time_unit(inspection))


def _time_unit(inspection: Inspection) -> str:
    units = (variable.unit for variable in inspection.variables if variable.causality == "independent")
    return next(units, None) or "s"


def _axis_problem(time: Any) -> FieldProblem | None:
    if time is None:
        return None
    if not isinstance(time, Sequence) or not time or not values.are_finite_numbers(time):
        return FieldProblem("inputs.time", "not_a_number", "inputs.time needs a list of finite numbers.")
    for index, (before, after) in enumerate(pairwise(time), start=1):
        if after < before:
            return FieldProblem(
                f"inputs.time[{index}]", "not_increasing",
                f"inputs.time goes back from {before:g} to {after:g}; sort the samples (a step may repeat a time).",
            )  # fmt: skip
    return None


def held(experiment: Experiment) -> Iterator[str]:
    """Where the run goes on without samples, and what it takes there, as FMPy does. For a resolved experiment."""
    start, stop = experiment.start_time, experiment.stop_time
    if not experiment.inputs or start is None or stop is None:
        return
    time, slack = experiment.inputs["time"], _SLACK * (stop - start)
    if time[0] > start + slack:
        yield f"The inputs begin at {time[0]:g}, the run at {start:g}: until then the first samples hold."
    if time[-1] < stop - slack:
        yield f"The inputs end at {time[-1]:g}, the run at {stop:g}: from then on the last samples hold."


def _meeting_problems(time: Sequence[float], experiment: Experiment) -> Iterator[FieldProblem]:
    """Samples that lie before or after the run altogether are a mistake of the time axis."""
    start, stop = experiment.start_time, experiment.stop_time
    if start is None or stop is None or not (math.isfinite(start) and math.isfinite(stop) and start < stop):
        return
    if time[0] > stop or time[-1] < start:
        message = (
            f"The inputs go from {time[0]:g} to {time[-1]:g}, the run from {start:g} to {stop:g}: they do not meet; "
            "set start_time and stop_time, or shift the samples."
        )
        yield FieldProblem("inputs.time", "outside_the_run", message)


def _causality(variable: Variable) -> str:
    article = "the" if variable.causality == "independent" else "an" if variable.causality[0] in "aeiou" else "a"
    return f"{article} {variable.causality} variable"


def _instead(names: Names, variable: Variable) -> str:
    if variable.is_settable:
        return "use start_values."
    inputs = names.called("input")
    return f"the inputs begin with {', '.join(inputs)}." if inputs else "this model has none."


def _signal_problems(
    names: Names, sizes: tuple[int, ...], name: str, samples: Any, length: int
) -> Iterator[FieldProblem]:
    field = f"inputs.{name}"
    variable = names.get(name)
    if variable is None:
        yield names.unknown(field, name)
    elif variable.causality != "input" and variable.variability != "tunable":
        message = f"'{name}' is {_causality(variable)}, not an input; {_instead(names, variable)}"
        yield FieldProblem(field, "not_an_input", message)
    elif variable.type in {"String", "Binary", "Clock"}:
        yield FieldProblem(field, "not_a_signal", f"'{name}' is a {variable.type}; set it once, in start_values.")
    elif not isinstance(samples, Sequence) or isinstance(samples, str):
        yield FieldProblem(field, "wrong_type", f"{field} needs a list of samples.")
    elif len(samples) != length:
        yield FieldProblem(
            field, "unequal_lengths", f"{field} has {len(samples)} samples, inputs.time has {length}; they must agree."
        )
    else:
        yield from _first_bad_sample(field, variable, samples, sizes)


def _first_bad_sample(
    field: str, variable: Variable, samples: Sequence[Any], sizes: tuple[int, ...]
) -> Iterator[FieldProblem]:
    if variable.is_float and not sizes and values.are_finite_numbers(samples):
        return
    for index, sample in enumerate(samples):
        try:
            values.convert(variable, sample, sizes)
        except values.ValueMismatch as mismatch:
            yield FieldProblem(f"{field}[{index}]", mismatch.code, mismatch.message)
            return
