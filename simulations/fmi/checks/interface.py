"""How the FMU is to be driven: does it offer that, and does a solver make sense there?"""

from __future__ import annotations

from collections.abc import Iterator

from simulations.fmi.errors import FieldProblem
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection

_TYPES = ("CoSimulation", "ModelExchange")
SOLVERS = ("CVode", "Euler")


def interface_problems(inspection: Inspection, experiment: Experiment) -> Iterator[FieldProblem]:
    """`experiment` as it was asked for, before defaults."""
    offered = [interface.type for interface in inspection.interfaces]
    kind, solver = experiment.interface_type, experiment.solver
    if kind is not None and kind not in offered:
        code, listed = ("not_offered", " and ".join(offered)) if kind in _TYPES else ("invalid", " or ".join(_TYPES))
        yield FieldProblem("interface_type", code, f"{inspection.model_name} offers {listed}, not '{kind}'.")
    elif kind is not None and not inspection.runs_as(kind):
        yield FieldProblem("interface_type", "no_binary", f"There is no binary for {kind} in this FMU that runs here.")
    if solver is not None and solver not in SOLVERS:
        yield FieldProblem("solver", "invalid", f"'{solver}' is not a solver here; use CVode or Euler.")
    elif solver is not None and (kind == "CoSimulation" or "ModelExchange" not in offered):
        reason = "a Co-Simulation FMU brings its own solver; leave 'solver' out"
        yield FieldProblem("solver", "not_applicable", f"{solver} does not apply: {reason}.")
    elif solver is not None and kind is None and not inspection.runs_as("ModelExchange"):
        reason = "there is no binary for ModelExchange in this FMU that runs here; leave 'solver' out"
        yield FieldProblem("solver", "not_applicable", f"{solver} does not apply: {reason}.")
