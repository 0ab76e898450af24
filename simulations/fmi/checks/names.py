"""Variable names of a request: which are known, and what was probably meant."""

from __future__ import annotations

from difflib import get_close_matches

from simulations.fmi.errors import FieldProblem
from simulations.fmi.inspection import Inspection, Variable

_MAX_COMPARED = 20_000  # difflib takes about 10 us a name


class Names:
    """The variables of a model by name."""

    def __init__(self, inspection: Inspection) -> None:
        self._model = inspection.model_name
        self._variables = {variable.name: variable for variable in inspection.variables}

    def get(self, name: str) -> Variable | None:
        return self._variables.get(name)

    def unknown(self, field: str, name: str) -> FieldProblem:
        """The problem of a name that the model lacks, with the nearest one that it has."""
        message = f"'{name}' is not a variable of {self._model}"
        near = self._nearest(name)
        return FieldProblem(field, "unknown_variable", f"{message}; did you mean '{near}'?" if near else f"{message}.")

    def _nearest(self, name: str) -> str | None:
        names = list(self._variables)[:_MAX_COMPARED]
        same = [known for known in names if known.lower() == name.lower()]
        found = same or get_close_matches(name, names, n=1, cutoff=0.5)
        return found[0] if found else None
