"""CSV inputs as spreadsheets and tools write them."""

from __future__ import annotations

import pytest

from simulations.fmi import csv_inputs
from simulations.fmi.errors import ExperimentInvalid


@pytest.mark.parametrize(
    "text",
    [
        "time,u,on\n0,1.5,true\n1,2,false\n",
        "time;u;on\n0;1,5;true\n1;2,0;false\n",
        "time;u;on\n0;1.5;TRUE\n1;2.0;FALSE\n",
        "time\tu\ton\n0\t1,5\ttrue\n1\t2\tfalse\n",
        "\ufefftime,u,on\r\n0,1.5,true\r\n1,2,false\r\n",
        '"time","u","on"\n"0","1.5","true"\n"1","2","false"\n',
        "time,u,on\ns,m/s,-\n0,1.5,true\n1,2,false\n",
        "Time [s], u, on\n0, 1.5, true\n1, 2, false\n\n",
        "# written by a tool\ntime,u,on\n0,1.5,true\n1,2,false\n",
    ],
)
def test_every_dialect_gives_the_same_signals(text: str) -> None:
    assert csv_inputs.parse(text).columns == {"time": [0.0, 1.0], "u": [1.5, 2.0], "on": [True, False]}


def test_names_of_an_enumeration_stay_names() -> None:
    assert csv_inputs.parse("time,mode\n0,slow\n1,fast\n").columns["mode"] == ["slow", "fast"]


@pytest.mark.parametrize(
    ("text", "field", "message"),
    [
        ("", "inputs", "The CSV is empty"),
        ("time,u\n", "inputs", "has a heading and no rows"),
        ("u,time\n0,0\n", "inputs", "first column of the CSV must be 'time', not 'u'"),
        ("time,u,u\n0,0,0\n", "inputs", "several columns called 'u'"),
        ("time,\n0,0\n", "inputs", "Column 2 of the CSV has no name"),
        ("time,u\n0,0\n1\n", "inputs", "Line 3 of the CSV has 1 cell, the heading 2"),
        ("time,u\n0,0\n1,\n", "inputs.u[1]", "Line 3 of the CSV has no value for 'u'"),
        ("time,u\n0,0\nlater,1\n", "inputs.time[1]", "'later' is not a time"),
        ("time,mode\n0s,slow\n1,fast\n", "inputs.time[0]", "Line 2 of the CSV: '0s' is not a time"),
        ("time,u\n0s,500\n1,2\n", "inputs.time[0]", "Line 2 of the CSV: '0s' is not a time"),
        ('time,u\n"0,0","1,5"\n1,2\n', "inputs.time[0]", "Line 2 of the CSV: '0,0' is not a time"),
        ("# a tool\n\ntime,u\ns,m\n0,0\n1_000,1\n", "inputs.time[1]", "Line 6 of the CSV: '1_000' is not a time"),
        ("time\n0\n1\n", "inputs", "a column of times and no signal"),
    ],
)
def test_fault_is_named_where_it_is(text: str, field: str, message: str) -> None:
    with pytest.raises(ExperimentInvalid) as invalid:
        csv_inputs.parse(text)
    (problem,) = invalid.value.problems
    assert problem.field == field
    assert message in problem.message


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("time [ms],w [rad/s]\n0,1\n", {"time": "ms", "w": "rad/s"}),
        ("time[s],T[0]\n0,1\n", {"time": "s"}),
        ("time,w\n[s],rpm\n0,1\n", {"time": "s", "w": "rpm"}),
        ("time,w\ns,-\n0,1\n", {"time": "s"}),
    ],
)
def test_units_are_read_from_the_heading_or_the_row_below(text: str, units: dict[str, str]) -> None:
    assert csv_inputs.parse(text).units == units


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("time;u\n0;\u00e4\n".encode("latin-1"), "save it as 'CSV UTF-8'"),
        ("time;u\n0;1\n".encode("utf-16"), "save it as 'CSV UTF-8'"),
        (b"PK\x03\x04\x14\x00", "save the sheet as CSV"),
    ],
)
def test_file_that_is_no_csv_says_how_to_save_it(content: bytes, message: str) -> None:
    with pytest.raises(ExperimentInvalid) as invalid:
        csv_inputs.decode(content)
    assert message in invalid.value.problems[0].message
