"""Continuous states, event indicators and terminals of a model."""

from __future__ import annotations

import math
from pathlib import Path

from lxml import etree

from simulations.fmi.inspection import Variable
from simulations.fmi.runner import xml
from simulations.fmi.runner.attributes import whole

_MAX_TERMINALS = 1000


def counts(root: etree._Element, fmi: int, variables: tuple[Variable, ...]) -> tuple[tuple[str, ...], int, int]:
    """Names of the continuous states where the XML tells, their number, and the number of event indicators."""
    if fmi == 1:
        return (
            (),
            whole(root.attrib, "numberOfContinuousStates") or 0,
            whole(root.attrib, "numberOfEventIndicators") or 0,
        )
    if fmi == 2:
        derivatives = [whole(item.attrib, "index") for item in root.iterfind("ModelStructure/Derivatives/Unknown")]
        return (
            _states_of_fmi2(root, variables, derivatives),
            len(derivatives),
            whole(root.attrib, "numberOfEventIndicators") or 0,
        )
    return _counts_of_fmi3(root, variables)


def _states_of_fmi2(
    root: etree._Element, variables: tuple[Variable, ...], derivatives: list[int | None]
) -> tuple[str, ...]:
    """A derivative's Real element names the index of its state; indices count all elements from 1."""
    elements = root.findall("ModelVariables/ScalarVariable")
    names = {variable.name for variable in variables}
    found = []
    for index in derivatives:
        element = elements[index - 1] if index and index <= len(elements) else None
        real = element.find("Real") if element is not None else None
        state = whole(real.attrib, "derivative") if real is not None else None
        name = elements[state - 1].get("name") if state and state <= len(elements) else None
        if name in names:
            found.append(name)
    return tuple(name for name in found if name)


def _counts_of_fmi3(root: etree._Element, variables: tuple[Variable, ...]) -> tuple[tuple[str, ...], int, int]:
    by_reference = {variable.value_reference: variable for variable in reversed(variables)}
    derivative_of = {whole(item.attrib, "valueReference"): whole(item.attrib, "derivative")
                     for item in root.iterfind("ModelVariables/*") if item.get("derivative")}  # fmt: skip

    def listed(tag: str) -> list[Variable]:
        references = [whole(item.attrib, "valueReference") for item in root.iterfind(f"ModelStructure/{tag}")]
        return [by_reference[reference] for reference in references if reference in by_reference]

    derivatives = listed("ContinuousStateDerivative")
    states = [derivative_of.get(variable.value_reference) for variable in derivatives]
    return (
        tuple(by_reference[state].name for state in states if state in by_reference),
        sum(math.prod(variable.dimensions) for variable in derivatives),
        sum(math.prod(variable.dimensions) for variable in listed("EventIndicator")),
    )


def terminals(folder: Path, *, max_bytes: int) -> tuple[str, ...]:
    """Names of the terminals that FMI 3's terminalsAndIcons.xml lists."""
    root = xml.load_optional(folder / "terminalsAndIcons" / "terminalsAndIcons.xml", max_bytes=max_bytes)
    if root is None:
        return ()
    names = [item.get("name") for item in root.iterfind("Terminals/Terminal")]
    return tuple(name for name in names if name)[:_MAX_TERMINALS]
