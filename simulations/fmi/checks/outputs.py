"""Outputs: at least one, known, recordable, named once."""

from __future__ import annotations

from collections.abc import Iterator

from simulations.fmi.checks.names import Names
from simulations.fmi.errors import FieldProblem
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection


def output_problems(inspection: Inspection, experiment: Experiment) -> Iterator[FieldProblem]:
    if experiment.outputs == () and "outputs" not in experiment.left_open:
        yield FieldProblem("outputs", "required", "Name at least one output; without 'outputs' it is the model's own.")
    names, seen = Names(inspection), set[str]()
    for index, name in enumerate(experiment.outputs or ()):
        field = f"outputs[{index}]"
        variable = names.get(name)
        if variable is None:
            yield names.unknown(field, name)
        elif not variable.is_recordable:
            message = f"'{name}' is a {variable.type}, which a result cannot hold; leave it out of outputs."
            yield FieldProblem(field, "not_recordable", message)
        elif name in seen:
            yield FieldProblem(field, "repeated", f"'{name}' is asked for twice.")
        seen.add(name)
