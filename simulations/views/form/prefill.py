"""What an earlier run would have posted, so that it can be run again with changes."""

from __future__ import annotations

from typing import Any

from django.utils.datastructures import MultiValueDict

from simulations.fmi.inspection import Inspection
from simulations.models import Simulation
from simulations.samples import Sample
from simulations.views.form import signals
from simulations.views.form.asked import FIELDS
from simulations.views.form.start_fields import key_of, kind_of
from simulations.views.form.texts import start_text, text_of


def from_simulation(simulation: Simulation, inspection: Inspection) -> MultiValueDict[str, str]:
    """Its start values, outputs, and whatever it did not leave to the defaults."""
    asked = {name: simulation.request.get(name) for name in FIELDS if name not in simulation.left_open}
    given = MultiValueDict({name: [text_of(value)] for name, value in asked.items() if value is not None})
    if not simulation.request.get("record_events", True):
        given.setlist("record_events", ["false"])
    given.setlist("outputs", ["", *(simulation.request.get("outputs") or ())])
    for name, texts in _start_texts(simulation.request.get("start_values") or {}, inspection):
        given.setlist(key_of(name), texts)
    return given


def inputs_of(simulation: Simulation) -> signals.Inputs:
    return signals.Inputs(text=signals.as_csv(simulation.inputs))


def suggested_inputs(sample: Sample | None) -> signals.Inputs:
    """Samples come with signals that make them move."""
    if sample is None or sample.inputs is None:
        return signals.Inputs()
    table = {"time": list(sample.inputs.time)} | {name: list(values) for name, values in sample.inputs.signals.items()}
    return signals.Inputs(text=signals.as_csv(table))


def _start_texts(values: dict[str, Any], inspection: Inspection) -> list[tuple[str, list[str]]]:
    known = {variable.name: variable for variable in inspection.variables if variable.name in values}
    texts = ((variable, start_text(variable, _flat(values[name]))) for name, variable in known.items())
    return [(v.name, text.split() if kind_of(v) == "grid" else [text]) for v, text in texts]


def _flat(value: Any) -> Any:
    """Nested lists in one row."""
    if not isinstance(value, list) or not any(isinstance(item, list) for item in value):
        return value
    return [item for inner in value for item in (_flat(inner) if isinstance(inner, list) else [inner])]
