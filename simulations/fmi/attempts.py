"""The ways that a run may be tried: the plain one, and others that keep to what was asked. Loads no FMPy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from simulations.fmi import defaults
from simulations.fmi.experiment import Experiment, SolverName
from simulations.fmi.inspection import Inspection, Interface

# What says how the model is solved. None of it is replaced where the request named it.
NAMES = ("interface_type", "solver", "step_size", "relative_tolerance")


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """How to try it: the plain way, or with one of the repairs."""

    interface: Interface
    solver: SolverName | None = None
    event_mode: bool = False
    tell_stop_time: bool = True


def planned(inspection: Inspection, experiment: Experiment) -> tuple[Attempt, ...]:
    """Every way that a run of this experiment may take; the first is the plain one."""
    first = plain(inspection, experiment)
    return (first, *_same_interface(first, experiment), *_other_interfaces(inspection, first, experiment))


def plain(inspection: Inspection, experiment: Experiment) -> Attempt:
    interface = inspection.interface(experiment.interface_type or inspection.interfaces[0].type)
    return Attempt(interface=interface or inspection.interfaces[0], solver=experiment.solver)


def fitted(inspection: Inspection, experiment: Experiment, attempt: Attempt) -> Experiment:
    """The experiment as that way runs it: with its own step and tolerance where they were left open."""
    kind, solver = attempt.interface.type, attempt.solver
    if (kind, solver) == (experiment.interface_type, experiment.solver):
        return experiment
    open_again = replace(
        experiment,
        interface_type=kind,
        solver=solver,
        step_size=None if _are_open(experiment, "step_size") else experiment.step_size,
        relative_tolerance=None if _are_open(experiment, "relative_tolerance") else experiment.relative_tolerance,
    )
    return replace(defaults.fill(inspection, open_again), left_open=experiment.left_open)


def _same_interface(first: Attempt, experiment: Experiment) -> Iterator[Attempt]:
    if first.interface.has_event_mode:
        yield replace(first, event_mode=True)
    if first.interface.type == "ModelExchange":
        yield replace(first, tell_stop_time=False)
        if first.solver == "CVode" and _are_open(experiment, "solver", "step_size", "relative_tolerance"):
            yield replace(first, tell_stop_time=False, solver="Euler")


def _other_interfaces(inspection: Inspection, first: Attempt, experiment: Experiment) -> Iterator[Attempt]:
    """A tolerance is kept: either interface takes one."""
    if not _are_open(experiment, "interface_type", "solver", "step_size"):
        return
    for interface in inspection.interfaces:
        if interface.type != first.interface.type and interface.library is not None:
            yield Attempt(interface=interface, solver="CVode" if interface.type == "ModelExchange" else None)


def _are_open(experiment: Experiment, *names: str) -> bool:
    return set(names) <= set(experiment.left_open)
