"""Which of the ways of trying a run are worth it after which failure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simulations.fmi.attempts import NAMES, Attempt, planned
from simulations.fmi.errors import RunError
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection


class Failed(Exception):
    """One attempt that failed: had it begun to simulate, and was it the solver or the model's clock?"""

    def __init__(self, error: RunError, *, begun: bool, by_solver: bool) -> None:
        super().__init__(error.message)
        self.error, self.begun, self.by_solver = error, begun, by_solver


def others(inspection: Inspection, experiment: Experiment, failure: Failed) -> Iterator[tuple[int, Attempt]]:
    """What is worth trying after the plain way failed like this, each with its place in the plan."""
    first, *more = planned(inspection, experiment)
    for place, attempt in enumerate(more, start=1):
        may_help = not failure.begun or (failure.by_solver and attempt.interface.type == first.interface.type)
        if may_help:
            yield place, attempt


def in_the_way(inspection: Inspection, experiment: Experiment, failure: Failed) -> tuple[str, ...]:
    """Names that kept us from trying more because the request insists: each that does so alone, else all together."""

    def allows_more(*names: str) -> bool:
        freed = replace(experiment, left_open=(*experiment.left_open, *names))
        return _count(inspection, freed, failure) > _count(inspection, experiment, failure)

    named = tuple(name for name in NAMES if name not in experiment.left_open)
    alone = tuple(name for name in named if allows_more(name))
    return alone or (named if allows_more(*named) else ())


def _count(inspection: Inspection, experiment: Experiment, failure: Failed) -> int:
    return len(list(others(inspection, experiment, failure)))
