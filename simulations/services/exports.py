"""A result as CSV, JSON or npz, piece by piece: a million rows take no more memory than a thousand."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO

import numpy as np
from django.conf import settings
from numpy.lib import format as npy
from numpy.typing import NDArray

from simulations.fmi.experiment import Result
from simulations.services.results import values_of

ROWS = 4096


def as_csv(result: Result) -> Iterator[bytes]:
    """RFC 4180 with a header; every value is a plain number (truth values 1 and 0), in full precision."""
    header = io.StringIO()
    csv.writer(header, lineterminator="\n").writerow(column.name for column in result.columns)
    yield header.getvalue().encode()
    for chunk in _chunks(result.data):
        lines = (",".join(map(_number, row)) for row in chunk.tolist())
        yield ("\n".join(lines) + "\n").encode()


def as_json(result: Result) -> Iterator[bytes]:
    """`{"rows", "columns", "complete", "data": {name: [...]}}`, column after column."""
    columns = [{"name": column.name, "unit": column.unit} for column in result.columns]
    head = {"rows": len(result.data), "columns": columns, "complete": result.complete}
    yield json.dumps(head)[:-1].encode() + b', "data": {'
    for position, column in enumerate(result.columns):
        yield (", " if position else "").encode() + json.dumps(column.name).encode() + b": ["
        for start, chunk in enumerate(_chunks(result.data[column.name])):
            text = json.dumps(values_of(chunk), separators=(",", ":"))
            yield ("," if start else "").encode() + text[1:-1].encode()
        yield b"]"
    yield b"}}"


def as_npz(result: Result) -> IO[bytes]:
    """An open, unnamed file that numpy.load reads: one array a column."""
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115  the response closes it
    with zipfile.ZipFile(file, "w") as archive:
        for column in result.columns:
            with archive.open(f"{column.name}.npy", "w", force_zip64=True) as member:
                npy.write_array(member, np.ascontiguousarray(result.data[column.name]), allow_pickle=False)
    file.seek(0)
    return file


def _chunks[T: np.generic](data: NDArray[T]) -> Iterator[NDArray[T]]:
    for start in range(0, len(data), ROWS):
        yield data[start : start + ROWS]


def _number(value: float | bool) -> str:
    return str(int(value)) if isinstance(value, bool) else repr(value)
