"""The variables of a model, searched, filtered and in pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from simulations.fmi.inspection import Inspection, Variable

PER_PAGE = 50
# The tabs; whatever else a model has is under "All".
TABS = {
    "parameter": "Parameters",
    "input": "Inputs",
    "output": "Outputs",
    "local": "Locals",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Tab:
    causality: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class VariablePage:
    """page: the variables to show; found: how many match; total: how many there are."""

    page: Page[Variable]
    tabs: list[Tab]
    search: str
    causality: str
    found: int
    total: int


def variable_page(inspection: Inspection, query: Mapping[str, str]) -> VariablePage:
    """`?search=` in name, unit and description, `?causality=`, `?page=`; nonsense is ignored."""
    search, causality = query.get("search", "").strip(), query.get("causality", "")
    causality = causality if causality in TABS else ""
    matching = [variable for variable in inspection.variables if _matches(variable, search.casefold())]
    shown = [v for v in matching if not causality or v.causality == causality]
    return VariablePage(
        page=Paginator(shown, PER_PAGE).get_page(query.get("page")),
        tabs=_tabs(matching, inspection, causality),
        search=search,
        causality=causality,
        found=len(shown),
        total=len(inspection.variables),
    )


def _tabs(matching: list[Variable], inspection: Inspection, chosen: str) -> list[Tab]:
    """A tab for each causality that the model has, with the matches in it."""
    has = {variable.causality for variable in inspection.variables}
    counts = Counter(variable.causality for variable in matching)
    tabs = [Tab(causality="", label="All", count=len(matching), chosen=not chosen)]
    return tabs + [
        Tab(causality=name, label=label, count=counts[name], chosen=name == chosen)
        for name, label in TABS.items()
        if name in has
    ]


def _matches(variable: Variable, text: str) -> bool:
    fields = (variable.name, variable.description or "", variable.unit or "")
    return not text or any(text in field.casefold() for field in fields)
