"""The words between the inmate and the trusted side: one byte of kind, four of length, then the payload.

p  progress, one float64
c  columns as JSON: what the rows that follow mean; a second one starts the result anew (a repair was tried)
r  rows: packed little-endian records, any number of frames
e  end, as JSON: notes, which of the planned attempts it was, and the error if there is one
i  an inspection as JSON
a  what the attacks of the self-test found, as JSON
"""

from __future__ import annotations

import json
import os
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulations.fmi.experiment import Column, Result

HEADER = struct.Struct("<cI")
PROGRESS, COLUMNS, ROWS, END, INSPECTION, ATTACKS = b"p", b"c", b"r", b"e", b"i", b"a"
KINDS = {"f": (4, 8), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "b": (1,)}  # of numpy dtypes, with their sizes
FRAME_BYTES = 1 << 20


class Sender:
    """The inmate's end of the result pipe."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def progress(self, share: float) -> None:
        self._send(PROGRESS, struct.pack("<d", share))

    def columns(self, columns: tuple[Column, ...], dtype: np.dtype[Any]) -> None:
        self._send_json(COLUMNS, {"columns": [_column(c) for c in columns], "types": _types(dtype)})

    def rows(self, data: NDArray[np.void]) -> None:
        """Send records of any layout, packed and little-endian."""
        packed = np.ascontiguousarray(data.astype(packed_dtype(_types(data.dtype)), copy=False))
        view = memoryview(packed.view(np.uint8)) if len(packed) else memoryview(b"")
        for start in range(0, len(view), FRAME_BYTES):
            self._send(ROWS, view[start : start + FRAME_BYTES])

    def result(self, result: Result) -> None:
        self.columns(result.columns, result.data.dtype)
        self.rows(result.data)

    def end(self, *, notes: tuple[str, ...] = (), attempt: int = 0, code: str | None = None, message: str = "") -> None:
        error = {"code": code, "message": message} if code else None
        self._send_json(END, {"notes": list(notes), "attempt": attempt, "error": error})

    def inspection(self, inspection: dict[str, Any]) -> None:
        self._send_json(INSPECTION, inspection)

    def attacks(self, findings: dict[str, str]) -> None:
        self._send_json(ATTACKS, findings)

    def _send_json(self, kind: bytes, value: Any) -> None:
        self._send(kind, json.dumps(value).encode())

    def _send(self, kind: bytes, payload: bytes | memoryview) -> None:
        _write(self._descriptor, HEADER.pack(kind, len(payload)))
        _write(self._descriptor, payload)


def packed_dtype(types: list[list[str]]) -> np.dtype[Any]:
    return np.dtype([(name, code) for name, code in types])


def _types(dtype: np.dtype[Any]) -> list[list[str]]:
    return [[name, dtype[name].newbyteorder("<").str] for name in dtype.names or ()]


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "unit": column.unit,
        "display_unit": column.display_unit,
        "description": column.description,
        "enumeration": dict(column.enumeration) if column.enumeration is not None else None,
        "texts": column.texts,
    }


def _write(descriptor: int, payload: bytes | memoryview) -> None:
    view = memoryview(payload)
    while view:
        view = view[os.write(descriptor, view) :]
