"""What an inmate sends is what the trusted side reads, and nothing else is."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace

import numpy as np
import pytest

from simulations.fmi.cage.decode import Decoder, End, Expected
from simulations.fmi.cage.frames import HEADER, Sender
from simulations.fmi.errors import BadResult, OutputLimitExceeded
from simulations.fmi.experiment import Column, Result

OUTPUTS = Expected(outputs={"h", "on", "n", "u", "A"}, sizes={"A": (1, 2)}, values=1000)


def sent(*results: Result, notes: tuple[str, ...] = (), code: str | None = None, message: str = "") -> bytes:
    """The bytes of an honest inmate."""
    ours, theirs = os.pipe()
    parts: list[bytes] = []

    def drain() -> None:
        with os.fdopen(ours, "rb") as pipe:
            parts.append(pipe.read())

    reader = threading.Thread(target=drain)
    reader.start()
    sender = Sender(theirs)
    for result in results:
        sender.result(result)
    sender.end(notes=notes, code=code, message=message)
    os.close(theirs)
    reader.join()
    return parts[0]


def decoded(stream: bytes, expected: Expected = OUTPUTS, *, piece: int = 1 << 20) -> Decoder:
    decoder = Decoder(expected)
    for start in range(0, len(stream), piece):
        decoder.feed(stream[start : start + piece])
    return decoder


def a_result(rows: int = 3) -> Result:
    columns = (
        Column(name="h", unit="m", display_unit="cm", description="height"),
        Column(name="on"),
        Column(name="n", enumeration={1: "one", 2: "two"}),
        Column(name="u"),
        Column(name="A[0,1]"),
    )
    types = [("time", "f8"), ("h", "f8"), ("on", "?"), ("n", "i8"), ("u", "u8"), ("A[0,1]", "f4")]
    data = np.zeros(rows, dtype=np.dtype(types, align=True))
    data["time"] = np.arange(rows)
    data["h"] = np.linspace(0, 1, rows)
    data["n"] = 2
    data["u"] = 2**64 - 1
    return Result(columns=columns, data=data)


@pytest.mark.parametrize("piece", [1, 7, 1 << 20])
def test_result_survives_the_pipe_in_pieces_of_any_size(piece: int) -> None:
    result = a_result()
    decoder = decoded(sent(result, notes=("Ran as Co-Simulation.",)), piece=piece)
    back = decoder.result(complete=True)
    assert back is not None
    assert back.columns == result.columns
    for name in result.data.dtype.names or ():
        np.testing.assert_array_equal(back.data[name], result.data[name])
    assert decoder.end == End(("Ran as Co-Simulation.",))


def text_result(number: float, kind: str = "<i8") -> bytes:
    """One row with a number for a text; there are two."""
    header = {"columns": [{"name": "h", "texts": ["off", "on"]}], "types": [["time", "<f8"], ["h", kind]]}
    row = np.array([(0, number)], dtype=[("time", "<f8"), ("h", kind)])
    return frame(b"c", header) + frame(b"r", row.tobytes())


def test_text_column_arrives_with_its_texts() -> None:
    back = decoded(text_result(1)).result(complete=True)
    assert back is not None
    assert (back.columns[0].texts, back.data["h"].tolist()) == (("off", "on"), [1])


@pytest.mark.parametrize(("number", "kind"), [(2, "<i8"), (-1, "<i8"), (0, "<f8")])
def test_number_that_stands_for_no_text_is_a_bad_result(number: float, kind: str) -> None:
    with pytest.raises(BadResult, match="stand for no text"):
        decoded(text_result(number, kind)).result(complete=True)


def test_second_attempt_replaces_the_first() -> None:
    decoder = decoded(sent(a_result(5), a_result(2)))
    back = decoder.result(complete=True)
    assert back is not None
    assert len(back.data) == 2


def test_error_arrives_with_the_part_that_was_reached() -> None:
    decoder = decoded(sent(a_result(4), code="fmu_error", message="fmi2DoStep failed at t=3"))
    partial = decoder.result(complete=False)
    assert decoder.end == End((), "fmu_error", "fmi2DoStep failed at t=3")
    assert partial is not None
    assert (len(partial.data), partial.complete) == (4, False)


def test_row_that_is_cut_short_is_left_out_of_a_partial_result() -> None:
    columns = {"columns": [{"name": "h"}], "types": [["time", "<f8"], ["h", "<f8"]]}
    decoder = decoded(frame(b"c", columns) + frame(b"r", np.zeros(5).tobytes()))
    partial = decoder.result(complete=False)
    assert partial is not None
    assert len(partial.data) == 2
    with pytest.raises(BadResult, match="middle of a row"):
        decoder.result(complete=True)


def test_more_values_than_asked_for_are_an_output_limit() -> None:
    with pytest.raises(OutputLimitExceeded, match="larger than 10 values"):
        decoded(sent(a_result(4)), replace(OUTPUTS, values=10))


def frame(kind: bytes, payload: object) -> bytes:
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return HEADER.pack(kind, len(data)) + data


@pytest.mark.parametrize(
    "header",
    [
        [],
        {"columns": {}, "types": []},
        {"columns": [], "types": [["time", "<f8"], ["h", "<f8"]]},
        {"columns": [{"name": "h"}], "types": [["time", "<f8"], ["h", "<f16"]]},
        {"columns": [{"name": "h"}], "types": [["time", "<f8"], ["h", "<M8[s]"]]},
        {"columns": [{"name": "h"}], "types": [["time", "<f8"], ["h", "<U9"]]},
        {"columns": [{"name": "h"}], "types": [["time", "<i8"], ["h", "<f8"]]},
        {"columns": [{"name": "h"}], "types": [["time", "<f8"], ["h"]]},
        {"columns": [{"name": "h"}, {"name": "h"}], "types": [["time", "<f8"], ["h", "<f8"], ["h", "<f8"]]},
        {"columns": [{"name": "time"}], "types": [["time", "<f8"], ["time", "<f8"]]},
        {"columns": [{"name": 7}], "types": [["time", "<f8"], [7, "<f8"]]},
        {"columns": [{"name": "h", "unit": {}}], "types": [["time", "<f8"], ["h", "<f8"]]},
        {"columns": [{"name": "h", "enumeration": {"x": "y"}}], "types": [["time", "<f8"], ["h", "<f8"]]},
        {"columns": [{"name": "h", "texts": "off"}], "types": [["time", "<f8"], ["h", "<i8"]]},
        {"columns": [{"name": "h", "texts": [1]}], "types": [["time", "<f8"], ["h", "<i8"]]},
        {"columns": [{"name": "h", "texts": ["x"] * 1001}], "types": [["time", "<f8"], ["h", "<i8"]]},
        {"columns": [{"name": "other"}], "types": [["time", "<f8"], ["other", "<f8"]]},
    ],
)
def test_columns_of_another_shape_are_a_bad_result(header: object) -> None:
    with pytest.raises(BadResult):
        decoded(frame(b"c", header))


@pytest.mark.parametrize("payload", [b"", b"1234567", b"\0" * 9, b"\0\0\0\0\0\0\xf0\x7f", b"\0\0\0\0\0\0\xf8\x7f"])
def test_progress_that_is_no_share_is_a_bad_result(payload: bytes) -> None:
    with pytest.raises(BadResult):
        decoded(frame(b"p", payload))


def test_texts_arrive_fit_for_a_database() -> None:
    decoder = decoded(frame(b"e", {"notes": ["a\0b"], "error": {"code": "fmu_error", "message": "\x1b[2J \ud800"}}))
    assert decoder.end == End((r"a\x00b",), "fmu_error", r"\x1b[2J \ud800")


@pytest.mark.parametrize("attempt", [2, -1, True, 1.0, "1", None])
def test_attempt_that_was_not_planned_is_a_bad_result(attempt: object) -> None:
    with pytest.raises(BadResult):
        decoded(frame(b"e", {"notes": [], "attempt": attempt, "error": None}), Expected(attempts=2))


def test_nothing_comes_after_the_end() -> None:
    with pytest.raises(BadResult):
        decoded(sent(a_result()) + frame(b"p", b"\0" * 8))


@pytest.mark.parametrize(
    "name", ["h[0]", "A", "A[0]", "A[1,0]", "A[0,2]", "A[0,-1]", "A[0,1]\n", "A[0,\u0661]", "A[<b>]", "B[0,0]"]
)
def test_only_elements_that_an_array_has_are_columns(name: str) -> None:
    """Else a run that fails, and so is free, writes thousands of made-up names into the database."""
    columns = {"columns": [{"name": name}], "types": [["time", "<f8"], [name, "<f8"]]}
    with pytest.raises(BadResult, match="nobody asked for"):
        decoded(frame(b"c", columns))
