"""Whether the run would fit: rows times columns against the limit, steps against reason."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulations.fmi import values
from simulations.fmi.errors import FieldProblem
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import Limits

MAX_STEPS = 100_000_000  # at a microsecond a step, more than any run's wall time


def budget_problems(inspection: Inspection, experiment: Experiment, limits: Limits) -> Iterator[FieldProblem]:
    """`experiment` is sound in itself here: times in order, names known."""
    duration = (experiment.stop_time or 0.0) - (experiment.start_time or 0.0)
    interval = experiment.output_interval or duration
    rows, width = duration / interval + 1, columns(inspection, experiment)
    if rows * width > limits.values:
        most = max(2, limits.values // width)
        yield FieldProblem(
            _blamed(experiment),
            "too_many_values",
            f"{_many(rows)} rows of {width} columns are more than the limit of {limits.values:,} values; "
            f"an output_interval of {duration / (most - 1):.2g} or more fits.",
        )
    elif experiment.step_size is not None and duration / experiment.step_size > MAX_STEPS:
        steps = duration / experiment.step_size
        yield FieldProblem(
            "step_size", "too_many_steps", f"{steps:.3g} steps are more than {MAX_STEPS:,}; take a larger step_size."
        )


def columns(inspection: Inspection, experiment: Experiment) -> int:
    """Columns of the result: time, and one for each element of each output."""
    sizes = values.sizes(inspection, experiment.start_values)
    return 1 + sum(math.prod(sizes.get(name, ())) for name in experiment.outputs or ())


def _many(rows: float) -> str:
    return f"{rows:.3g}" if math.isfinite(rows) else "Countless"


def _blamed(experiment: Experiment) -> str:
    """The field that somebody chose: the interval, else the time, else the outputs."""
    chosen = ("output_interval", "step_size", "stop_time", "outputs")
    return next((name for name in chosen if name not in experiment.left_open), "output_interval")
