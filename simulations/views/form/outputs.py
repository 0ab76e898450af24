"""The outputs of a run form: those that are chosen, and those that can be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from django.utils.datastructures import MultiValueDict

from simulations.fmi import defaults
from simulations.fmi.inspection import Inspection, Variable
from simulations.samples import Sample

PRESELECTED = 8
FOUND = 12
# What a curve over time would be flat for.
_STILL = ("parameter", "structuralParameter", "calculatedParameter")


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One variable that can be recorded."""

    variable: Variable
    chosen: bool


@dataclass(frozen=True)
class Outputs:
    """given: the form's fields as posted; without `outputs` among them the sample's or the model's own are chosen."""

    inspection: Inspection
    given: MultiValueDict[str, str]
    sample: Sample | None

    @cached_property
    def chosen(self) -> list[str]:
        if "outputs" in self.given:
            return [name for name in self.given.getlist("outputs") if name]
        favourites = list(self.sample.outputs) if self.sample else []
        return favourites or list(self._defaults[:PRESELECTED])

    @property
    def asked(self) -> tuple[str, ...] | None:
        """None for the model's own."""
        chosen = tuple(self.chosen)
        return None if chosen == self._defaults else chosen

    @cached_property
    def choices(self) -> list[Choice]:
        """The chosen ones, then what the search finds; without a search the model's outputs and states."""
        chosen = set(self.chosen)
        by_name = {variable.name: variable for variable in self._recordable}
        first = [Choice(variable=by_name[name], chosen=True) for name in self.chosen if name in by_name]
        found = (variable for variable in self._found() if variable.name not in chosen)
        return [*first, *(Choice(variable=variable, chosen=False) for variable in islice(found, FOUND))]

    @property
    def search(self) -> str:
        return self.given.get("output_search", "")

    @property
    def recordable(self) -> int:
        return len(self._recordable)

    @cached_property
    def _defaults(self) -> tuple[str, ...]:
        return defaults.outputs(self.inspection)

    @cached_property
    def _recordable(self) -> list[Variable]:
        return [variable for variable in self.inspection.variables
                if variable.is_recordable and variable.causality != "independent"]  # fmt: skip

    def _found(self) -> Iterable[Variable]:
        text = self.search.casefold()
        if text:
            return (v for v in self._recordable if text in f"{v.name}\n{v.description or ''}".casefold())
        moving = (
            v for v in self._recordable if v.causality not in _STILL and v.variability not in ("constant", "fixed")
        )
        return sorted(moving, key=lambda v: v.causality != "output")
