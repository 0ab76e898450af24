"""Getting and setting many values of one type at once, in buffers that live as long as the run."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulations.fmi.inspection import Variable

_C_TYPES: dict[str, Any] = {
    "Float32": ctypes.c_float, "Float64": ctypes.c_double,
    "Int8": ctypes.c_int8, "UInt8": ctypes.c_uint8, "Int16": ctypes.c_int16, "UInt16": ctypes.c_uint16,
    "Int32": ctypes.c_int32, "UInt32": ctypes.c_uint32, "Int64": ctypes.c_int64, "UInt64": ctypes.c_uint64,
}  # fmt: skip
_OLD_NAMES = {"Float64": "Real", "Int32": "Integer", "Enumeration": "Integer"}
_BOOLEANS = {1: ctypes.c_char, 2: ctypes.c_int, 3: ctypes.c_bool}


class Block:
    """Variables of one type with a buffer for their values; `values` is a NumPy view of it."""

    def __init__(
        self, fmu: Any, fmi: int, kind: str, variables: list[Variable], sizes: Mapping[str, tuple[int, ...]]
    ) -> None:
        self.variables = variables
        self.widths = [math.prod(sizes.get(variable.name, ())) for variable in variables]
        c_type = _c_type(fmi, kind)
        references, buffer = (
            (ctypes.c_uint * len(variables))(*(variable.value_reference for variable in variables)),
            (c_type * sum(self.widths))(),
        )
        self.values: NDArray[Any] = np.frombuffer(
            buffer, dtype=np.uint8 if c_type is ctypes.c_char else np.dtype(c_type)
        )
        tail = (ctypes.c_size_t(len(buffer)),) if fmi == 3 else ()
        self._arguments = (
            ctypes.c_void_p(fmu.component),
            ctypes.byref(references),
            ctypes.c_size_t(len(variables)),
            ctypes.byref(buffer),
            *tail,
        )
        self._get, self._set = (fmu.bare(f"fmi{fmi}{action}{_function(fmi, kind)}") for action in ("Get", "Set"))

    def get(self) -> NDArray[Any]:
        """Ask the FMU; the answer is overwritten by the next call. Raises FMICallException."""
        self._get(*self._arguments)
        return self.values

    def set(self) -> None:
        """Give the FMU what stands in `values`. Raises FMICallException."""
        self._set(*self._arguments)


def blocks(fmu: Any, fmi: int, variables: Iterable[Variable], sizes: Mapping[str, tuple[int, ...]]) -> list[Block]:
    """One block for each type among the variables."""
    grouped: dict[str, list[Variable]] = {}
    for variable in variables:
        grouped.setdefault(variable.type, []).append(variable)
    return [Block(fmu, fmi, kind, members, sizes) for kind, members in grouped.items()]


def setter(fmu: Any, fmi: int, kind: str) -> Any:
    """FMPy's function that sets a few values of one type from Python objects."""
    return getattr(fmu, f"set{_function(fmi, kind)}")


def _function(fmi: int, kind: str) -> str:
    if fmi < 3:
        return _OLD_NAMES.get(kind, kind)
    return "Int64" if kind == "Enumeration" else kind


def _c_type(fmi: int, kind: str) -> Any:
    if kind == "Boolean":
        return _BOOLEANS[fmi]
    if kind == "Enumeration":
        return ctypes.c_int64 if fmi == 3 else ctypes.c_int32
    return _C_TYPES[kind]
