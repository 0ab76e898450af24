"""The ways of trying a run: the plain one, and what may do better after which failure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simulations.fmi import defaults
from simulations.fmi.errors import RunError
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection, Interface
from simulations.fmi.runner.run import Attempt


class Failed(Exception):
    """One attempt that failed: had it begun to simulate, and was it the solver or the model's clock?"""

    def __init__(self, error: RunError, *, begun: bool, by_solver: bool) -> None:
        super().__init__(error.message)
        self.error, self.begun, self.by_solver = error, begun, by_solver


def plain(inspection: Inspection, experiment: Experiment) -> Attempt:
    interface = inspection.interface(experiment.interface_type or inspection.interfaces[0].type)
    return Attempt(interface=interface or inspection.interfaces[0], solver=experiment.solver)


def others(inspection: Inspection, experiment: Experiment, failure: Failed) -> Iterator[Attempt]:
    """What is worth trying after the plain way failed like this, where nobody insisted on it."""
    first = plain(inspection, experiment)
    if not failure.begun or failure.by_solver:
        yield from _same_interface(first, experiment, may_choose_solver="solver" in experiment.left_open)
    if not failure.begun and "interface_type" in experiment.left_open:
        yield from (
            _with_default_solver(interface) for interface in inspection.interfaces if _is_other(interface, first)
        )


def _same_interface(first: Attempt, experiment: Experiment, *, may_choose_solver: bool) -> Iterator[Attempt]:
    if first.interface.has_event_mode:
        yield replace(first, event_mode=True)
    if first.interface.type == "ModelExchange":
        yield replace(first, tell_stop_time=False)
        if first.solver == "CVode" and may_choose_solver:
            yield replace(first, tell_stop_time=False, solver="Euler")


def _is_other(interface: Interface, first: Attempt) -> bool:
    return interface.type != first.interface.type and interface.library is not None


def _with_default_solver(interface: Interface) -> Attempt:
    return Attempt(interface=interface, solver="CVode" if interface.type == "ModelExchange" else None)


def fitted(inspection: Inspection, experiment: Experiment, attempt: Attempt) -> Experiment:
    """The experiment for another way than it was resolved for: that way's own step and tolerance."""
    kind, solver = attempt.interface.type, attempt.solver
    if (kind, solver) == (experiment.interface_type, experiment.solver):
        return experiment
    open_again = replace(experiment, interface_type=kind, solver=solver, step_size=None)
    return defaults.fill(inspection, open_again)
