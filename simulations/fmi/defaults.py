"""What a run does where its request is silent: the model's DefaultExperiment, then sensible numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from simulations.fmi.experiment import Experiment, InterfaceType
from simulations.fmi.inspection import Inspection, Interface, Variable

MAX_DEFAULT_ROWS = 1000
TINY = 1e-290  # below, a thousandth of it has no digits left
DEFAULT_TOLERANCE = 1e-5  # FMPy's, for CVode
MAX_STATES_SHOWN = 5
MAX_COLUMNS = 1000
_FILLED = ("interface_type", "start_time", "stop_time", "output_interval", "solver", "step_size",
           "relative_tolerance", "record_events", "outputs")  # fmt: skip


def fill(inspection: Inspection, experiment: Experiment) -> Experiment:
    """The experiment with every open field filled in; `left_open` names those. Judges nothing.

    Two fields may stay None because nothing is meant: `solver` under Co-Simulation, `step_size` under CVode, and
    `relative_tolerance` under Co-Simulation (the FMU's own).
    """
    kind = experiment.interface_type or interface_type(inspection, experiment)
    start, stop = times(inspection, experiment)
    solver = experiment.solver or ("CVode" if kind == "ModelExchange" else None)
    interval = _chosen(experiment.output_interval, output_interval(inspection, experiment, kind, stop - start))
    step = _chosen(experiment.step_size, step_size(inspection, solver, interval, stop - start))
    return replace(
        experiment,
        interface_type=kind,
        start_time=start,
        stop_time=stop,
        output_interval=interval,
        solver=solver,
        step_size=None if solver == "CVode" else step,
        relative_tolerance=_chosen(experiment.relative_tolerance, tolerance(inspection, kind)),
        record_events=True if experiment.record_events is None else experiment.record_events,
        outputs=outputs(inspection) if experiment.outputs is None else _without_time(experiment.outputs),
        left_open=tuple(name for name in _FILLED if getattr(experiment, name) is None),
    )


def interface_type(inspection: Inspection, experiment: Experiment) -> InterfaceType:
    """The verdict's way; Model Exchange when a solver is asked for, as only that has one."""
    if experiment.solver is not None and inspection.runs_as("ModelExchange"):
        return "ModelExchange"
    return inspection.verdict.interface_type or inspection.interfaces[0].type


def times(inspection: Inspection, experiment: Experiment) -> tuple[float, float]:
    """Start and stop: the request's, else the model's, else one unit of time from the start."""
    default = inspection.default_experiment
    start = _first(experiment.start_time, default.start_time, 0.0)
    stop = _first(experiment.stop_time, default.stop_time, start + 1.0)
    return start, stop


def output_interval(inspection: Inspection, experiment: Experiment, kind: InterfaceType, duration: float) -> float:
    """A multiple of the step that somebody declared, at most 1000 rows; else a round number that gives 500 to 1000."""
    if not (math.isfinite(duration) and duration > 0):
        return 1.0
    if duration < TINY:
        return duration
    interface = inspection.interface(kind)
    declared = experiment.step_size or _fixed_step(interface) or inspection.default_experiment.step_size
    if declared and 0 < declared <= duration and duration / declared <= 1e12:
        return declared * _multiple(duration / declared)
    return _dividing(duration, _round_interval(duration))


def step_size(inspection: Inspection, solver: str | None, interval: float, duration: float) -> float:
    """Co-Simulation steps from output to output; Euler at least a thousand times, or as the exporter says."""
    declared = inspection.default_experiment.step_size
    if solver is None or not (interval > 0 and math.isfinite(interval) and duration > 0):
        return interval
    if declared and divides(declared, interval):
        return declared
    return interval / max(1, math.ceil(interval * MAX_DEFAULT_ROWS / duration - 1e-9))


def tolerance(inspection: Inspection, kind: InterfaceType) -> float | None:
    declared = inspection.default_experiment.tolerance
    if declared and 0 < declared < 1:
        return declared
    return DEFAULT_TOLERANCE if kind == "ModelExchange" else None


def outputs(inspection: Inspection) -> tuple[str, ...]:
    """The model's outputs up to MAX_COLUMNS; without any its first states; without those its first local variables.

    Texts only for who names them: some FMUs fail when they are asked for one.
    """
    curves = [variable for variable in inspection.variables if variable.has_curve]
    named = {variable.name for variable in curves}
    found = _that_fit(variable for variable in curves if variable.causality == "output")
    states = [name for name in inspection.continuous_states if name in named][:MAX_STATES_SHOWN]
    return tuple(found or states or _first_local(curves))


def divides(step: float, interval: float) -> bool:
    """Whether `interval` is a whole number of steps, but for rounding."""
    count = interval / step
    return math.isfinite(count) and round(count) >= 1 and math.isclose(round(count) * step, interval, rel_tol=1e-9)


def _without_time(names: tuple[str, ...]) -> tuple[str, ...]:
    """Every result has a column "time" anyhow."""
    return tuple(name for name in names if name != "time")


def _chosen[T](given: T | None, otherwise: T) -> T:
    """A 0 was given, and is refused later; only None is open."""
    return otherwise if given is None else given


def _first(*values: float | None) -> float:
    return next(float(value) for value in values if value is not None)


def _fixed_step(interface: Interface | None) -> float | None:
    return interface.fixed_step if interface else None


def _multiple(steps: float) -> int:
    """The smallest multiple that keeps to the row limit and, where one exists nearby, divides the run evenly."""
    least = max(1, math.ceil(steps / MAX_DEFAULT_ROWS - 1e-9))
    whole = round(steps)
    if not math.isclose(whole, steps, rel_tol=1e-9):
        return least
    return next((multiple for multiple in range(least, 4 * least + 10) if whole % multiple == 0), least)


def _round_interval(duration: float) -> float:
    """1, 2, 2.5 or 5 times a power of ten that gives 500 to 1000 rows or a little more."""
    power = 10.0 ** math.floor(math.log10(duration))
    return next(
        power * part for part in (0.001, 0.002, 0.0025, 0.005, 0.01) if duration / (power * part) <= MAX_DEFAULT_ROWS
    )


def _dividing(duration: float, interval: float) -> float:
    return interval if divides(interval, duration) else duration / math.ceil(duration / interval)


def _that_fit(variables: Iterable[Variable]) -> list[str]:
    """Names in order while their elements fit; an array that is too large is left out."""
    names, left = [], MAX_COLUMNS
    for variable in variables:
        width = math.prod(variable.dimensions)
        if width <= left:
            names.append(variable.name)
            left -= width
    return names


def _first_local(variables: list[Variable]) -> list[str]:
    local = [variable.name for variable in variables if variable.causality == "local"]
    return (local or [variable.name for variable in variables if variable.causality != "independent"])[
        :MAX_STATES_SHOWN
    ]
