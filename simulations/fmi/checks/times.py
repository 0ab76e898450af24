"""Times, steps and tolerance: finite, in order, and fitting into each other."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulations.fmi import defaults
from simulations.fmi.errors import FieldProblem
from simulations.fmi.experiment import Experiment
from simulations.fmi.values import with_point

_NUMBERS = ("start_time", "stop_time", "output_interval", "step_size", "relative_tolerance")
_POSITIVE = ("output_interval", "step_size", "relative_tolerance")


def time_problems(experiment: Experiment) -> Iterator[FieldProblem]:
    """`experiment` with its defaults filled in, all numbers sound in themselves."""
    yield from _order_problems(experiment)
    yield from _step_problems(experiment)
    if experiment.relative_tolerance is not None and experiment.relative_tolerance >= 1:
        yield FieldProblem(
            "relative_tolerance", "out_of_range", "relative_tolerance lies between 0 and 1, for example 1e-6."
        )


def number_problems(experiment: Experiment) -> Iterator[FieldProblem]:
    """Numbers that are none, or not finite, or not positive where they must be. `experiment` as it was asked for."""
    for name in _NUMBERS:
        value = getattr(experiment, name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            yield FieldProblem(name, "not_a_number", f"{name} needs a finite number.{with_point(value)}")
        elif name in _POSITIVE and value <= 0:
            yield FieldProblem(name, "not_positive", f"{name} is {value:g}; it must be greater than 0.")


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _order_problems(experiment: Experiment) -> Iterator[FieldProblem]:
    start, stop = experiment.start_time or 0.0, experiment.stop_time or 0.0
    if stop <= start:
        field = "start_time" if "stop_time" in experiment.left_open else "stop_time"
        yield FieldProblem(field, "stop_before_start", f"stop_time {stop:g} must lie after start_time {start:g}.")
    elif not math.isfinite(stop - start):
        yield FieldProblem(
            "stop_time", "out_of_range", "The time from start_time to stop_time is too long for a number."
        )
    elif stop - start < defaults.TINY:
        yield FieldProblem(
            "stop_time", "out_of_range", "The time from start_time to stop_time is too short to be divided."
        )


def _step_problems(experiment: Experiment) -> Iterator[FieldProblem]:
    step, interval = experiment.step_size, experiment.output_interval
    if step is None or interval is None or defaults.divides(step, interval):
        return
    field = "output_interval" if "step_size" in experiment.left_open else "step_size"
    fitting = interval / max(1, math.ceil(interval / step - 1e-9)) if interval / step < 1e15 else interval
    yield FieldProblem(
        field,
        "does_not_divide",
        f"output_interval {interval:g} must be a whole number of steps of {step:g}; step_size {fitting:g} would fit.",
    )
