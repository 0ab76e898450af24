"""A result as CSV, JSON or npz, piece by piece: a million rows take no more memory than a thousand."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any

import numpy as np
from django.conf import settings
from numpy.lib import format as npy
from numpy.typing import NDArray

from simulations.fmi.experiment import Column, Result
from simulations.services.results import values_of

ROWS = 4096
# A sign in front of a number is none.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9.]+([eE][+-]?[0-9]+)?$)")


def as_csv(result: Result) -> Iterator[bytes]:
    """RFC 4180 with a header; every number plain and in full precision, truth values 1 and 0."""
    header = io.StringIO()
    csv.writer(header, lineterminator="\n").writerow(_inert(column.name) for column in result.columns)
    yield header.getvalue().encode()
    cells = [_cell_of(column) for column in result.columns]
    for chunk in _chunks(result.data):
        lines = (",".join(cell(value) for cell, value in zip(cells, row, strict=True)) for row in chunk.tolist())
        yield ("\n".join(lines) + "\n").encode()


def as_json(result: Result) -> Iterator[bytes]:
    """`{"rows", "columns", "complete", "data": {name: [...]}}`, column after column."""
    columns = [{"name": column.name, "unit": column.unit} for column in result.columns]
    head = {"rows": len(result.data), "columns": columns, "complete": result.complete}
    yield json.dumps(head)[:-1].encode() + b', "data": {'
    for position, column in enumerate(result.columns):
        yield (", " if position else "").encode() + json.dumps(column.name).encode() + b": ["
        for start, chunk in enumerate(_chunks(result.data[column.name])):
            text = json.dumps(values_of(chunk, column.texts), separators=(",", ":"))
            yield ("," if start else "").encode() + text[1:-1].encode()
        yield b"]"
    yield b"}}"


def as_npz(result: Result) -> IO[bytes]:
    """An open, unnamed file that numpy.load reads: one array a column.

    A column of texts holds numbers, and `texts:NAME` what they stand for: `z["texts:NAME"][z["NAME"]]`. Spelt out in
    NumPy's fixed width they could take a hundred times the space.
    """
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115  the response closes it
    with zipfile.ZipFile(file, "w") as archive:
        for column in result.columns:
            _add_array(archive, column.name, np.ascontiguousarray(result.data[column.name]))
            if column.texts is not None:
                _add_array(archive, f"texts:{column.name}", np.array(column.texts, dtype=np.str_))
    file.seek(0)
    return file


def _chunks[T: np.generic](data: NDArray[T]) -> Iterator[NDArray[T]]:
    for start in range(0, len(data), ROWS):
        yield data[start : start + ROWS]


def _add_array(archive: zipfile.ZipFile, name: str, values: NDArray[np.generic]) -> None:
    with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
        npy.write_array(member, values, allow_pickle=False)


def _cell_of(column: Column) -> Callable[[Any], str]:
    """How the values of a column are written."""
    return _number if column.texts is None else [_quoted(text) for text in column.texts].__getitem__


def _quoted(text: str) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([_inert(text)])
    return line.getvalue()


def _inert(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front, by which it takes it for a text.

    A result is opened by others than the model's author, and a formula may send them somewhere, with what is beside it.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def _number(value: float | bool) -> str:
    return str(int(value)) if isinstance(value, bool) else repr(value)
