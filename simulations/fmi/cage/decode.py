"""Reading what an inmate sent: every byte may be forged, so every byte is checked.

No pickle, no eval: JSON of a known shape, numbers of known types, sizes capped before anything is allocated.
"""

from __future__ import annotations

import json
import re
import struct
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulations.fmi.cage.frames import ATTACKS, COLUMNS, END, HEADER, INSPECTION, KINDS, PROGRESS, ROWS, packed_dtype
from simulations.fmi.cage.text import printable
from simulations.fmi.errors import BadResult, OutputLimitExceeded
from simulations.fmi.experiment import Column, Result
from simulations.fmi.limits import MAX_TEXT, MAX_TEXTS

_TEXT_BYTES = 64 << 10
_MESSAGE_CHARACTERS = 2000
_NOTES = 100
_PROGRESS_SECONDS = 0.1
_PROGRESS_FRAMES = 100_000  # an honest inmate sends ten a second
_ELEMENT = re.compile(r"(?P<array>.+)\[(?P<index>[0-9]{1,9}(,[0-9]{1,9})*)\]", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What an honest inmate can send.

    outputs, sizes: the variables, and of which arrays how many elements. values: rows times columns.
    attempts: how many. json_bytes: the longest JSON.
    """

    outputs: Collection[str] | None = None
    sizes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    values: int = 0
    attempts: int = 1
    json_bytes: int = 16 << 20

    def has_column(self, name: str) -> bool:
        """Whether it is a variable that was asked for, or an element of one: `A[1,0]`."""
        if self.outputs is None or (name in self.outputs and name not in self.sizes):
            return True
        found = _ELEMENT.fullmatch(name)
        if found is None or found["array"] not in self.outputs:
            return False
        index, sizes = [int(place) for place in found["index"].split(",")], self.sizes.get(found["array"], ())
        return len(index) == len(sizes) and all(place < size for place, size in zip(index, sizes, strict=True))


@dataclass(frozen=True, slots=True)
class End:
    """The last word: notes, code and message of the error if there was one, and the attempt's place in the plan."""

    notes: tuple[str, ...] = ()
    code: str | None = None
    message: str = ""
    attempt: int = 0


@dataclass(slots=True)
class Decoder:
    """Takes the stream in pieces of any size. Raises BadResult or OutputLimitExceeded at the first wrong byte."""

    expected: Expected
    on_progress: Callable[[float], None] = lambda share: None
    end: End | None = None
    inspection: dict[str, Any] | None = None
    attacks: dict[str, Any] | None = None
    _progress_frames: int = 0
    _next_progress: float = 0.0
    _columns: tuple[Column, ...] = ()
    _dtype: np.dtype[Any] | None = None
    _rows: bytearray = field(default_factory=bytearray)
    _buffer: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> None:
        self._buffer += data
        while (frame := self._next_frame()) is not None:
            self._take(*frame)

    def result(self, *, complete: bool) -> Result | None:
        """The rows so far, if any; a last record that is not whole is left out of a result that is not complete."""
        if self._dtype is None:
            return None
        whole = len(self._rows) // self._dtype.itemsize * self._dtype.itemsize
        if complete and whole != len(self._rows):
            raise BadResult("The result ends in the middle of a row.")
        data = np.frombuffer(self._rows, self._dtype, count=whole // self._dtype.itemsize)
        _check_time(data["time"])
        _check_texts(data, self._columns)
        return Result(columns=self._columns, data=data, complete=complete) if len(data) else None

    def _next_frame(self) -> tuple[bytes, bytes] | None:
        if len(self._buffer) < HEADER.size:
            return None
        kind, length = HEADER.unpack_from(self._buffer)
        if self.end is not None or length > self._longest(kind):
            raise BadResult("What came back from the FMU's process is not a result.")
        if len(self._buffer) < HEADER.size + length:
            return None
        payload = bytes(self._buffer[HEADER.size : HEADER.size + length])
        del self._buffer[: HEADER.size + length]
        return kind, payload

    def _longest(self, kind: bytes) -> int:
        longest = {PROGRESS: 8, ROWS: 1 << 20, END: _TEXT_BYTES * 4, ATTACKS: _TEXT_BYTES}
        return longest.get(kind, self.expected.json_bytes if kind in {COLUMNS, INSPECTION} else -1)

    def _take(self, kind: bytes, payload: bytes) -> None:
        {
            PROGRESS: self._take_progress,
            COLUMNS: self._take_columns,
            ROWS: self._take_rows,
            END: self._take_end,
            INSPECTION: self._take_inspection,
            ATTACKS: self._take_attacks,
        }[kind](payload)

    def _take_progress(self, payload: bytes) -> None:
        (share,) = struct.unpack("<d", payload) if len(payload) == struct.calcsize("<d") else (float("nan"),)
        if not 0.0 <= share <= 1.0:
            raise BadResult("The reported progress is not a share between 0 and 1.")
        self._progress_frames += 1
        if self._progress_frames > _PROGRESS_FRAMES:
            raise BadResult("The FMU's process reports progress without end.")
        if (now := time.monotonic()) >= self._next_progress:
            self._next_progress = now + _PROGRESS_SECONDS
            self.on_progress(share)

    def _take_columns(self, payload: bytes) -> None:
        header = _json_object(payload)
        self._columns = tuple(_column(item) for item in _list(header.get("columns")))
        self._check_names()
        self._dtype = _dtype(header.get("types"), self._columns)
        self._rows = bytearray()

    def _check_names(self) -> None:
        names = ["time", *(column.name for column in self._columns)]
        if len(set(names)) != len(names):
            raise BadResult("The result has a column twice.")
        for name in names[1:]:
            if not self.expected.has_column(name):
                raise BadResult(f"The result has a column {name[:100]!r} that nobody asked for.")

    def _take_rows(self, payload: bytes) -> None:
        if self._dtype is None:
            raise BadResult("The result has rows before it says what they mean.")
        rows = (len(self._rows) + len(payload)) // self._dtype.itemsize
        if rows * (1 + len(self._columns)) > self.expected.values:
            raise OutputLimitExceeded(f"The result is larger than {self.expected.values:,} values.")
        self._rows += payload

    def _take_end(self, payload: bytes) -> None:
        said = _json_object(payload)
        notes = tuple(_text(note) for note in _list(said.get("notes"))[:_NOTES])
        attempt = self._attempt(said.get("attempt", 0))
        error = said.get("error")
        code, message = (None, "") if error is None else (_text(_object(error).get("code")), _message(error))
        self.end = End(notes, code, message, attempt)

    def _attempt(self, place: Any) -> int:
        if type(place) is not int or not 0 <= place < self.expected.attempts:
            raise BadResult("The FMU's process names a way of running that was not planned.")
        return place

    def _take_inspection(self, payload: bytes) -> None:
        self.inspection = _json_object(payload)

    def _take_attacks(self, payload: bytes) -> None:
        self.attacks = _json_object(payload)


def _json_object(payload: bytes) -> dict[str, Any]:
    try:
        return _object(json.loads(payload))
    except (ValueError, RecursionError) as error:
        raise BadResult("What came back from the FMU's process is not readable.") from error


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadResult("What came back from the FMU's process does not have the shape of a result.")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadResult("What came back from the FMU's process does not have the shape of a result.")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadResult("What came back from the FMU's process has numbers where texts belong.")
    return printable(value[:_MESSAGE_CHARACTERS])


def _message(error: Any) -> str:
    return _text(_object(error).get("message"))


def _optional_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _column(value: Any) -> Column:
    item = _object(value)
    return Column(
        name=_text(item.get("name")),
        unit=_optional_text(item.get("unit")),
        display_unit=_optional_text(item.get("display_unit")),
        description=_optional_text(item.get("description")),
        enumeration=_enumeration(item.get("enumeration")),
        texts=_texts(item.get("texts")),
    )


def _enumeration(value: Any) -> dict[int, str] | None:
    if value is None:
        return None
    try:
        return {int(number): _text(name) for number, name in _object(value).items()}
    except ValueError as error:
        raise BadResult("An enumeration of the result has values that are not whole numbers.") from error


def _texts(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    if len(_list(value)) > MAX_TEXTS:
        raise BadResult("A column of the result has more different texts than a run may have.")
    return tuple(_text(text)[:MAX_TEXT] for text in value)


def _dtype(value: Any, columns: tuple[Column, ...]) -> np.dtype[Any]:
    types = [[_text(part) for part in _list(pair)] for pair in _list(value)]
    if [pair[:1] for pair in types] != [["time"], *([column.name] for column in columns)]:
        raise BadResult("The columns of the result and their types do not match.")
    for pair in types:
        if len(pair) != 2 or pair[1] not in _TYPE_CODES:
            raise BadResult("The result has a column of an unknown type.")
    if types[0][1] != "<f8":
        raise BadResult("The time of the result is not a floating point number.")
    return packed_dtype(types)


_TYPE_CODES = frozenset(np.dtype(f"<{kind}{size}").str for kind, sizes in KINDS.items() for size in sizes)


def _check_time(times: NDArray[np.float64]) -> None:
    if not np.isfinite(times).all():
        raise BadResult("The time of the result is not a finite number everywhere.")
    if (np.diff(times) < 0).any():
        raise BadResult("The time of the result goes backwards.")


def _check_texts(data: NDArray[np.void], columns: tuple[Column, ...]) -> None:
    """Every number of a text column must stand for one."""
    for column in columns:
        if column.texts is None:
            continue
        numbers = data[column.name]
        if numbers.dtype.kind not in "iu" or not ((numbers >= 0) & (numbers < len(column.texts))).all():
            raise BadResult(f"The column {column.name[:100]!r} of the result has numbers that stand for no text.")
