"""The variables of a model description in FMI 3's words, faults repaired and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from simulations.fmi.errors import IntakeRefused
from simulations.fmi.inspection import Variable
from simulations.fmi.runner.attributes import Attributes, number, plain, text, whole
from simulations.fmi.runner.definitions import DeclaredType
from simulations.fmi.runner.findings import Findings

_TYPES = {"Real": "Float64", "Integer": "Int32"}
_KINDS = ("Real", "Integer", "Boolean", "String", "Enumeration")
_FLOATS = {"Float32", "Float64"}
_KINDS_OF_FMI3 = {
    *(f"{sign}Int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)),
    *("Float32", "Float64", "Boolean", "String", "Binary", "Enumeration", "Clock"),
}
_LARGEST = 2**64
_NO_TYPE = DeclaredType({})

# The default of 'initial' by variability and causality (FMI 2.0.4, 2.2.7). A pair that is missing is not allowed.
_PARAMETERS: dict[str, str | None] = {
    "structuralParameter": "exact",
    "parameter": "exact",
    "calculatedParameter": "calculated",
    "local": "calculated",
}
_INITIAL: dict[str, dict[str, str | None]] = {
    "constant": {"output": "exact", "local": "exact"},
    "fixed": _PARAMETERS,
    "tunable": _PARAMETERS,
    "discrete": {"input": "exact", "output": "calculated", "local": "calculated"},
    "continuous": {"input": "exact", "output": "calculated", "local": "calculated", "independent": None},
}  # fmt: skip
# What a tool meant that wrote a pair which is not allowed.
_MEANT = {
    "parameter": "fixed",
    "structuralParameter": "fixed",
    "calculatedParameter": "fixed",
    "independent": "continuous",
}


class VariableReader:
    """Reads the variables of one model description. `fmi` is the major version."""

    def __init__(self, fmi: int, types: dict[str, DeclaredType], findings: Findings) -> None:
        self._fmi = fmi
        self._types = types
        self._findings = findings

    def read(self, root: etree._Element, *, max_variables: int) -> tuple[Variable, ...]:
        """All variables in order, aliases marked. Raises IntakeRefused when there are too many."""
        elements = root.find("ModelVariables")
        if elements is None:
            self._findings.add("warning", "no_variables", "The model description has no ModelVariables.")
            return ()
        if len(elements) > max_variables:
            message = f"The model has {len(elements):,} variables; {max_variables:,} are the limit."
            raise IntakeRefused("too_many_variables", message)
        variables = [variable for element in elements for variable in self._variables(element)]
        _size_arrays(variables)
        return tuple(_with_aliases(variables) if self._fmi < 3 else variables)

    def _variables(self, element: etree._Element) -> Iterator[Variable]:
        """One variable, and FMI 3's aliases of it."""
        name, reference = element.get("name"), whole(element.attrib, "valueReference")
        value = self._value(element)
        if not name or reference is None or value is None:
            message = f"Line {element.sourceline}: a variable without a name, type or reference is left out."
            self._findings.add("warning", "unreadable_variable", message)
            return
        variable = self._variable(element, value, name, reference)
        yield variable
        for alias in element.iterfind("Alias"):
            if alias.get("name"):
                yield replace(variable, name=alias.get("name", ""), alias_of=name,
                              description=text(alias.attrib, "description") or variable.description,
                              display_unit=text(alias.attrib, "displayUnit") or variable.display_unit)  # fmt: skip

    def _value(self, element: etree._Element) -> etree._Element | None:
        """The element that is named for the type and carries its attributes."""
        if self._fmi < 3:
            return next((child for child in element if child.tag in _KINDS), None)
        return element if element.tag in _KINDS_OF_FMI3 else None

    def _variable(self, element: etree._Element, value: etree._Element, name: str, reference: int) -> Variable:
        kind = _TYPES.get(str(value.tag), str(value.tag))
        declared = self._declared(name, value.attrib)
        causality, variability, initial = self._role(name, kind, element, value)
        dimensions = element.findall("Dimension")
        inherited = {**declared.attributes, **plain(value)}
        return Variable(
            name=name,
            type=kind,
            value_reference=reference,
            causality=causality,
            variability=variability,
            initial=initial,
            start=_start(kind, element, value, is_array=bool(dimensions)),
            unit=text(inherited, "unit"),
            display_unit=text(inherited, "displayUnit"),
            min=number(inherited, "min"),
            max=number(inherited, "max"),
            nominal=number(inherited, "nominal"),
            dimensions=tuple(max(0, whole(item.attrib, "start") or 0) for item in dimensions),
            size_of=tuple(text(item.attrib, "valueReference") for item in dimensions),
            enumeration=declared.enumeration if kind == "Enumeration" else None,
            description=text(element.attrib, "description"),
            negated=element.get("alias") == "negatedAlias",
        )

    def _declared(self, name: str, attributes: Attributes) -> DeclaredType:
        declared = attributes.get("declaredType")
        if declared is None:
            return _NO_TYPE
        if declared not in self._types:
            message = f"'{name}' is of type '{declared}', which is not defined; read without it."
            self._findings.add("warning", "undefined_type", message)
        return self._types.get(declared, _NO_TYPE)

    def _role(
        self, name: str, kind: str, element: etree._Element, value: etree._Element
    ) -> tuple[str, str, str | None]:
        """Causality, variability and initial, as written or as the standard's defaults say."""
        causality, variability = element.get("causality") or "local", element.get("variability")
        if self._fmi == 1:
            return _role_of_fmi1(kind, causality, variability, has_start=value.get("start") is not None)
        variability = variability or _default_variability(kind, causality)
        if causality not in _INITIAL.get(variability, {}) and element.get("initial") is None:
            meant = _MEANT.get(causality, "discrete")
            message = f"'{name}': {causality} and {variability} do not go together; read as {meant}."
            self._findings.add("warning", "illegal_variability", message)
            variability = meant
        return causality, variability, element.get("initial") or _INITIAL.get(variability, {}).get(causality)


def _default_variability(kind: str, causality: str) -> str:
    if causality in {"parameter", "calculatedParameter", "structuralParameter"}:
        return "fixed"
    return "continuous" if kind in _FLOATS else "discrete"


def _role_of_fmi1(
    kind: str, causality: str, variability: str | None, *, has_start: bool
) -> tuple[str, str, str | None]:
    """FMI 1 in FMI 3's words: a parameter is a variability there, and whatever has a start value may be set."""
    initial = "exact" if has_start and variability != "constant" else None
    if variability == "parameter":
        return "parameter", "fixed", initial
    causality = "local" if causality in {"internal", "none"} else causality
    return causality, variability or _default_variability(kind, ""), initial


_PARSERS: dict[str, Callable[[str], Any]] = {
    "Boolean": lambda item: item.strip() in {"true", "1"},
    "String": str,
    "Binary": str,
}


def _start(kind: str, element: etree._Element, value: etree._Element, *, is_array: bool) -> Any:
    """The start value in JSON's types; a flat list for an array; None where it is missing or unreadable."""
    if kind in {"String", "Binary"} and (found := element.findall("Start")):
        texts = [item.get("value") or "" for item in found]
        return texts if is_array else texts[0]
    written = value.get("start")
    if written is None:
        return None
    parse = _PARSERS.get(kind) or (_float if kind in _FLOATS else _int)
    try:
        return [parse(item) for item in written.split()] if is_array else parse(written)
    except (ValueError, OverflowError):
        return None


def _float(written: str) -> float:
    value = float(written)
    if value - value != 0:  # infinite or not a number: JSON has no word for it
        raise ValueError(written)
    return value


def _int(written: str) -> int:
    value = int(float(written)) if "." in written or "e" in written.lower() else int(written)
    if abs(value) > _LARGEST:
        raise ValueError(written)
    return value


def _size_arrays(variables: list[Variable]) -> None:
    """Resolve, in place, the dimensions that name a structural parameter by its value reference."""
    arrays = [index for index, variable in enumerate(variables) if variable.dimensions]
    if not arrays:
        return
    by_reference = {str(variable.value_reference): variable for variable in reversed(variables)}
    for index in arrays:
        variable = variables[index]
        sizing = [by_reference.get(reference) if reference else None for reference in variable.size_of]
        sizes = [_size(parameter) if parameter else fixed
                 for parameter, fixed in zip(sizing, variable.dimensions, strict=True)]  # fmt: skip
        names = tuple(parameter.name if parameter else None for parameter in sizing)
        variables[index] = replace(variable, dimensions=tuple(sizes), size_of=names if any(names) else ())


def _size(parameter: Variable) -> int:
    return max(0, parameter.start) if isinstance(parameter.start, int) else 0


def _with_aliases(variables: list[Variable]) -> Iterator[Variable]:
    """FMI 1 and 2: variables of one type that share a reference are aliases of the first."""
    first: dict[tuple[str, int], str] = {}
    for variable in variables:
        kind = "Int32" if variable.type == "Enumeration" else variable.type
        name = first.setdefault((kind, variable.value_reference), variable.name)
        yield variable if name == variable.name else replace(variable, alias_of=name)
