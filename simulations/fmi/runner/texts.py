"""Text outputs: each text has a number, given when it is first seen, so that a result holds numbers only."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulations.fmi.errors import OutputLimitExceeded
from simulations.fmi.inspection import Variable
from simulations.fmi.limits import MAX_TEXT, MAX_TEXTS


class Texts:
    """Text variables, read as an access.Block is; `values` holds the numbers of their present texts."""

    def __init__(self, fmu: Any, fmi: int, variables: list[Variable], sizes: Mapping[str, tuple[int, ...]]) -> None:
        self.variables = variables
        widths = [math.prod(sizes.get(variable.name, ())) for variable in variables]
        self._owners = [variable.name for variable, width in zip(variables, widths, strict=True) for _ in range(width)]
        self._buffer = (ctypes.c_char_p * len(self._owners))()
        self.values: NDArray[Any] = np.zeros(len(self._owners), dtype=np.int64)
        self._known: list[dict[str, int]] = [{} for _ in self._owners]
        references = (ctypes.c_uint * len(variables))(*(variable.value_reference for variable in variables))
        tail = (len(self._buffer),) if fmi == 3 else ()
        self._arguments = (fmu.component, references, len(variables), self._buffer, *tail)
        self._get = getattr(fmu, f"fmi{fmi}GetString")

    def get(self) -> NDArray[Any]:
        """Ask the FMU. Raises OutputLimitExceeded when the texts never end being new."""
        self._get(*self._arguments)
        for at, raw in enumerate(self._buffer):
            self.values[at] = self._number(at, (raw or b"").decode(errors="replace")[:MAX_TEXT])
        return self.values

    def all(self) -> list[tuple[str, ...]]:
        """What the numbers of each element stand for, 0 first."""
        return [tuple(known) for known in self._known]

    def _number(self, at: int, text: str) -> int:
        known = self._known[at]
        if text not in known and sum(map(len, self._known)) >= MAX_TEXTS:
            raise OutputLimitExceeded(
                f"'{self._owners[at]}' brought the run to more than {MAX_TEXTS:,} different texts; "
                "leave it out of outputs."
            )
        return known.setdefault(text, len(known))
