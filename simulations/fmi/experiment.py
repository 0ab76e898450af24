"""One run: what is asked, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulations.fmi.errors import RunError

InterfaceType = Literal["CoSimulation", "ModelExchange"]
SolverName = Literal["CVode", "Euler"]
# A number, a truth value, a text or an enumeration's name; nested lists for FMI 3 arrays, row-major.
Value = float | int | bool | str | list[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Experiment:
    """What to run. None means "as the model's DefaultExperiment says"; `check.resolve` fills it in.

    Times are in the model's unit of time (seconds unless it says otherwise).
    `inputs` maps "time" and input names to samples of equal length.
    `input_units` are those in which the inputs say they are, by name; nothing is converted, `check.resolve` refuses
    others than the model's and leaves none.
    `left_open` names the fields that `check.resolve` filled in: where nobody insisted, the runner may fall back
    (another interface type, another solver) and says so in its notes.
    """

    interface_type: InterfaceType | None = None
    start_time: float | None = None
    stop_time: float | None = None
    output_interval: float | None = None
    solver: SolverName | None = None
    step_size: float | None = None
    relative_tolerance: float | None = None
    record_events: bool | None = None
    start_values: Mapping[str, Value] = field(default_factory=dict)
    inputs: Mapping[str, list[Any]] | None = None
    input_units: Mapping[str, str] = field(default_factory=dict)
    outputs: tuple[str, ...] | None = None
    left_open: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every variable that it speaks of."""
        return frozenset((*self.start_values, *(self.inputs or ()), *(self.outputs or ())))


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column of a result: its name, its unit, and what the numbers mean where they are names.

    texts: of a text output, whose numbers are places in it.
    """

    name: str
    unit: str | None = None
    display_unit: str | None = None
    description: str | None = None
    enumeration: Mapping[int, str] | None = None
    texts: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What the model did.

    data: (T,) structured array, first field "time" (float64), then one field a column, in the order of
    `columns` (float64, int64, uint64, bool; an array variable A gives `A[0,1]` style columns; texts are int64).
    Values are in the units of the model description. `complete` is False when the run stopped early.
    """

    columns: tuple[Column, ...]
    data: NDArray[np.void]
    complete: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class RunMetrics:
    """What the run took, as the trusted side measured it. Seconds and bytes."""

    run_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_bytes: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How one experiment ended.

    error is None: `result` is complete. Otherwise `result` may hold the part that was reached.
    `log` is the FMU's and the solver's own text (untrusted, capped). `notes` names every repair that was
    used and which solver ran with what, one sentence each. `effective` is the experiment that ran
    where it is another than the one asked for: another interface type or solver, where that was left open.
    """

    result: Result | None
    error: RunError | None
    metrics: RunMetrics
    log: str = ""
    notes: tuple[str, ...] = ()
    effective: Experiment | None = None
