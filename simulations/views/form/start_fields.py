"""The fields of start values: parameters first, what was changed always, the rest by search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.datastructures import MultiValueDict

from simulations.fmi.inspection import Inspection, Variable
from simulations.views.form.texts import start_text

Kind = Literal["number", "switch", "choice", "grid", "lines", "text"]

SHOWN = 6
MOST = 60
MOST_CELLS = 16
_ORDER = {"structuralParameter": 0, "parameter": 0, "input": 1}
_LAST = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class StartField:
    """One start value. text: what the field holds; default: what it holds untouched. cells: of a small array."""

    variable: Variable
    kind: Kind
    text: str
    default: str
    error: str = ""

    @property
    def key(self) -> str:
        return key_of(self.variable.name)

    @property
    def changed(self) -> bool:
        return self.text not in (self.default, "")

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(self.variable.enumeration or ())

    @property
    def cells(self) -> list[str]:
        return self.text.split() or [""] * _count(self.variable)

    @property
    def width(self) -> int:
        """Columns of a small array."""
        return self.variable.dimensions[-1] if self.variable.dimensions else 1

    @property
    def bounds(self) -> str:
        """`0 to 1`, `at least 0`, or nothing."""
        low, high = (None, None) if self.kind == "choice" else (self.variable.min, self.variable.max)
        if low is not None and high is not None:
            return f"{low:g} to {high:g}"
        return f"at least {low:g}" if low is not None else f"at most {high:g}" if high is not None else ""


def key_of(name: str) -> str:
    return f"start.{name}"


def given_text(variable: Variable, given: MultiValueDict[str, str]) -> str | None:
    """What was filled in for this variable; None when it was not asked."""
    texts = given.getlist(key_of(variable.name))
    if not texts:
        return None
    return " ".join(texts) if kind_of(variable) == "grid" else texts[-1].strip()


def start_fields(
    inspection: Inspection,
    given: MultiValueDict[str, str],
    errors: Mapping[str, str],
    *,
    search: str = "",
    favourites: Sequence[str] = (),
) -> list[StartField]:
    """At most MOST fields, and besides those every one that was changed or is at fault."""
    known = {variable.name: given_text(variable, given) for variable in _asked(inspection, given)}
    settable = [variable for variable in inspection.variables if variable.is_settable and not variable.alias_of]
    chosen = [v for v in settable if (v.name in known and known[v.name] != default_text(v)) or v.name in errors]
    found = _sorted([variable for variable in settable if _matches(variable, search)], favourites)[:MOST]
    first, then = (chosen, found) if search else (found, chosen)
    variables = {variable.name: variable for variable in (*first, *then)}.values()
    return [_field(variable, known.get(variable.name), errors.get(variable.name, "")) for variable in variables]


def default_text(variable: Variable) -> str:
    return start_text(variable, variable.start)


def settable_count(inspection: Inspection) -> int:
    return sum(1 for variable in inspection.variables if variable.is_settable and not variable.alias_of)


def kind_of(variable: Variable) -> Kind:
    if variable.dimensions:
        resizable = any(variable.size_of)
        small = not resizable and variable.type != "String" and _count(variable) <= MOST_CELLS
        return "grid" if small else "lines"
    if variable.type == "Boolean":
        return "switch"
    if variable.type == "Enumeration" and variable.enumeration:
        return "choice"
    return "text" if variable.type in {"String", "Binary"} else "number"


def _asked(inspection: Inspection, given: MultiValueDict[str, str]) -> Iterable[Variable]:
    return (variable for variable in inspection.variables if key_of(variable.name) in given)


def _matches(variable: Variable, search: str) -> bool:
    text = search.casefold()
    return not text or text in variable.name.casefold() or text in (variable.description or "").casefold()


def _sorted(variables: list[Variable], favourites: Sequence[str]) -> list[Variable]:
    """Those worth playing with, then parameters, inputs, and what else starts somewhere; else as in the model."""
    place = {name: position for position, name in enumerate(favourites)}
    return sorted(variables, key=lambda v: (place.get(v.name, len(place)), _ORDER.get(v.causality, _LAST)))


def _field(variable: Variable, text: str | None, error: str) -> StartField:
    default = default_text(variable)
    return StartField(
        variable=variable,
        kind=kind_of(variable),
        text=default if text is None else text,
        default=default,
        error=error,
    )


def _count(variable: Variable) -> int:
    count = 1
    for size in variable.dimensions:
        count *= size
    return count
