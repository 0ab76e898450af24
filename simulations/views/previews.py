"""Input signals as curves, with what the model says about them, before anything runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from rest_framework.exceptions import APIException

from simulations.fmi import check
from simulations.fmi.checks.inputs import held
from simulations.fmi.errors import ExperimentInvalid
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import Limits
from simulations.views.drawing import PENS, Drawing, Signal, draw
from simulations.views.form import RunForm

MOST_CURVES = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """problem: "" when the signals fit the model; notes: what a run does where they are silent."""

    drawing: Drawing | None = None
    samples: int = 0
    problem: str = ""
    notes: tuple[str, ...] = ()


def preview(form: RunForm) -> Preview | None:
    """None without signals."""
    try:
        table = form.inputs.table()
        checked = _checked(form)
    except APIException as error:
        return Preview(problem=str(error.detail))
    if table is None:
        return None
    return replace(checked, drawing=_drawing(table.columns, form.inspection), samples=len(table.columns["time"]))


def _checked(form: RunForm) -> Preview:
    """What the check of a run would say about the inputs."""
    try:
        resolved = check.resolve(form.inspection, form.experiment(), Limits())
    except ExperimentInvalid as error:
        messages = (problem.message for problem in error.problems if problem.field.startswith("inputs"))
        return Preview(problem=" ".join(messages))
    return Preview(notes=tuple(held(resolved)))


def _drawing(table: dict[str, list[Any]], inspection: Inspection) -> Drawing | None:
    units = {variable.name: variable.unit or "" for variable in inspection.variables if variable.name in table}
    numeric = [name for name, column in table.items() if name != "time" and _is_numeric(column)][:MOST_CURVES]
    times = np.array(table["time"], dtype=float)
    return draw(
        [
            Signal(
                panel=name,
                label=name,
                unit=units.get(name, ""),
                pen=PENS[place % len(PENS)],
                times=times,
                values=np.array(table[name], dtype=float),
            )
            for place, name in enumerate(numeric)
        ]
    )


def _is_numeric(column: list[Any]) -> bool:
    return all(isinstance(value, int | float) for value in column)
