"""Variable names of a request: which are known, and what was probably meant."""

from __future__ import annotations

from simulations.fmi.errors import FieldProblem
from simulations.fmi.inspection import Inspection, Variable
from simulations.fmi.nearest import Nearest


class Names:
    """The variables of a model by name."""

    def __init__(self, inspection: Inspection) -> None:
        self._model = inspection.model_name
        self._variables = {variable.name: variable for variable in inspection.variables}
        self._near: Nearest | None = None

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
        self._near = self._near or Nearest(self._variables)
        return self._near.to(name)
