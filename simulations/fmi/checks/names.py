"""Variable names of a request: which are known, and what was probably meant."""

from __future__ import annotations

from difflib import get_close_matches

from simulations.fmi.errors import FieldProblem
from simulations.fmi.inspection import Inspection, Variable

# difflib takes up to 40 us a name, so a request full of misspelt names gets suggestions for the first of them only.
_MAX_COMPARED = 5_000
_MAX_IN_ALL = 30_000


class Names:
    """The variables of a model by name."""

    def __init__(self, inspection: Inspection) -> None:
        self._model = inspection.model_name
        self._variables = {variable.name: variable for variable in inspection.variables}
        self._left = _MAX_IN_ALL

    def get(self, name: str) -> Variable | None:
        return self._variables.get(name)

    def unknown(self, field: str, name: str) -> FieldProblem:
        """The problem of a name that the model lacks, with the nearest one that it has."""
        message = f"'{name}' is not a variable of {self._model}"
        if array := self._array_of(name):
            whole = f"'{array}' is an array, which is named as a whole: '{array}'"
            return FieldProblem(field, "unknown_variable", f"{message}; {whole}.")
        near = self._nearest(name)
        return FieldProblem(field, "unknown_variable", f"{message}; did you mean '{near}'?" if near else f"{message}.")

    def _array_of(self, name: str) -> str | None:
        """Of `T[0]` the array `T`, where the model has one."""
        array = name.partition("[")[0].strip() if name.endswith("]") else ""
        variable = self._variables.get(array)
        return array if variable and variable.dimensions else None

    def _nearest(self, name: str) -> str | None:
        same = next((known for known in self._variables if known.lower() == name.lower()), None)
        if same or self._left <= 0:
            return same
        candidates = self._of_similar_length(name)
        self._left -= len(candidates)
        return next(iter(get_close_matches(name, candidates, n=1, cutoff=0.5)), None)

    def _of_similar_length(self, name: str) -> list[str]:
        slack = 2 + len(name) // 3
        near = [known for known in self._variables if abs(len(known) - len(name)) <= slack]
        return sorted(near, key=lambda known: abs(len(known) - len(name)))[:_MAX_COMPARED]
