"""Start values: known variables, settable, in the variable's type and shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulations.fmi import values
from simulations.fmi.checks.names import Names
from simulations.fmi.errors import FieldProblem
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection, Variable


def start_value_problems(inspection: Inspection, experiment: Experiment) -> Iterator[FieldProblem]:
    names = Names(inspection)
    sizes = values.sizes(inspection, experiment.start_values)
    for name, value in experiment.start_values.items():
        field = f"start_values.{name}"
        variable = names.get(name)
        if variable is None:
            yield names.unknown(field, name)
        elif not variable.is_settable:
            yield FieldProblem(field, "not_settable", _why_not_settable(variable))
        else:
            yield from _value_problems(field, variable, value, sizes.get(name, ()))


def _value_problems(field: str, variable: Variable, value: Any, sizes: tuple[int, ...]) -> Iterator[FieldProblem]:
    try:
        values.convert(variable, value, sizes)
    except values.ValueMismatch as mismatch:
        yield FieldProblem(field, mismatch.code, mismatch.message)


def _why_not_settable(variable: Variable) -> str:
    if variable.variability == "constant":
        reason = "it is a constant of the model"
    elif variable.causality == "independent":
        reason = "it is the time; use start_time"
    elif variable.negated:
        reason = f"it is '{variable.alias_of}' with the opposite sign; set that"
    elif variable.type == "Clock":
        reason = "it is a clock"
    else:
        reason = "the model calculates it; set the inputs, parameters and start values that it depends on"
    return f"'{variable.name}' ({variable.causality}) cannot be set: {reason}."
