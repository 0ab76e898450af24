"""The FMU's DoStep with arguments that are made once: converting Python's numbers costs more than many a step."""

from __future__ import annotations

from ctypes import byref, c_bool, c_char, c_double, c_int, c_void_p
from typing import Any


class DoStep:
    """One communication step of a Co-Simulation instance, of any version of FMI.

    What an FMI 3 FMU says about the step stands in `event`, `terminated`, `early` and `last_time` until the next one.
    """

    def __init__(self, fmu: Any, fmi: int) -> None:
        self._point, self._size = c_double(), c_double()
        self._flags, self._last = (c_bool(), c_bool(), c_bool()), c_double()
        told = (byref(self._flags[0]), byref(self._flags[1]), byref(self._flags[2]), byref(self._last))
        # "The step will not be undone": what FMPy says, too.
        tail = {1: (c_char(1),), 2: (c_int(1),), 3: (c_bool(True), *told)}[fmi]
        self._function = fmu.bare(f"fmi{fmi}DoStep")
        self._arguments = (c_void_p(fmu.component), self._point, self._size, *tail)

    def __call__(self, point: float, size: float) -> None:
        """Step from `point` over `size` seconds. Raises FMICallException for any status beyond a warning."""
        self._point.value, self._size.value = point, size
        self._function(*self._arguments)

    @property
    def event(self) -> bool:
        return self._flags[0].value

    @property
    def terminated(self) -> bool:
        return self._flags[1].value

    @property
    def early(self) -> bool:
        return self._flags[2].value

    @property
    def last_time(self) -> float:
        return self._last.value
