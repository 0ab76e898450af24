"""Variable names of a request: which are known, and what was probably meant."""

from __future__ import annotations

from functools import cached_property
from itertools import islice

from simulations.fmi.errors import FieldProblem
from simulations.fmi.inspection import Inspection, Variable
from simulations.fmi.nearest import Nearest

_NAMED, _LONGEST = 4, 40


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
        hint = f"did you mean '{near}'?" if near else f"it has {self._examples}."
        return FieldProblem(field, "unknown_variable", f"{message}; {hint}")

    def called(self, causality: str) -> list[str]:
        """The first names of that causality. Their author may have made them long: those are left out."""
        names = (name for name, variable in self._variables.items() if variable.causality == causality)
        return list(islice((name for name in names if len(name) <= _LONGEST), _NAMED))

    @cached_property
    def _examples(self) -> str:
        known = [*self.called("parameter"), *self.called("input"), *self.called("output")]
        return f"{', '.join(known)} and others" if known else "other names, which the inspection lists"

    def _array_of(self, name: str) -> str | None:
        """Of `T[0]` the array `T`, where the model has one."""
        array = name.partition("[")[0].strip() if name.endswith("]") else ""
        variable = self._variables.get(array)
        return array if variable and variable.dimensions else None

    def _nearest(self, name: str) -> str | None:
        self._near = self._near or Nearest(self._variables)
        return self._near.to(name)
