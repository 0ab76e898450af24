"""Input signals from a CSV text, as spreadsheets and simulation tools write it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulations.fmi.errors import ExperimentInvalid, FieldProblem

_TRUTH_WORDS = {"true": True, "false": False}
_MAX_PROBLEMS = 20
_SECONDS = ("s", "sec", "second", "seconds")
_ZIP = b"PK\x03\x04"
# `w_ref [rad/s]`, and `time[s]`; an element of an array, `T[0]`, has no space before its bracket.
_WITH_UNIT = re.compile(r"(?P<name>.*?\s|(?i:time)|t)\s*\[(?P<unit>[^\[\]]*)\]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """columns: samples by name, "time" first. units: those that the heading or the row below it named, by name."""

    columns: dict[str, list[Any]]
    units: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Row:
    """line: its number in the file, from 1."""

    line: int
    cells: list[str]


def decode(content: bytes) -> str:
    """The text of a CSV file. Raises ExperimentInvalid that says how to save it."""
    if content.startswith(_ZIP):
        raise _invalid("The inputs are a spreadsheet or another zip file, not CSV: save the sheet as CSV.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _invalid("The CSV is not in UTF-8: save it as 'CSV UTF-8' (Excel's Save As has it).") from error


def parse(text: str) -> Table:
    """Columns by name, "time" first: numbers, truth values, or names of an enumeration.

    The separator is a tab, ; or , as the heading has it; with the first two a comma may be the decimal point. A row of
    units below the heading and lines that start with # are left out. Raises ExperimentInvalid that names the cells.
    """
    numbered = list(enumerate(text.removeprefix("\ufeff").splitlines(), start=1))
    lines = [(number, line) for number, line in numbered if line.strip() and not line.startswith("#")]
    if not lines:
        raise _invalid("The CSV is empty; its first line names the columns, beginning with 'time'.")
    separator = _separator(lines[0][1])
    reader = csv.reader((line for _, line in lines), delimiter=separator, skipinitialspace=True)
    try:
        heading, *rows = [_Row(lines[reader.line_num - 1][0], cells) for cells in reader]
    except csv.Error as error:
        raise _invalid(f"Line {lines[reader.line_num - 1][0]} is not CSV: {error}.") from error
    names, units = _names(heading.cells)
    if rows and _is_units_row(rows[0].cells, separator):
        units |= {name: _unit(cell) for name, cell in zip(names, rows[0].cells, strict=False)}
        del rows[0]
    return Table(columns=_columns(names, rows, separator), units={name: unit for name, unit in units.items() if unit})


def _separator(heading: str) -> str:
    return next((mark for mark in "\t;," if mark in heading), ",")


def _names(heading: list[str]) -> tuple[list[str], dict[str, str]]:
    """The columns' names, and the units that stand behind them in brackets."""
    split = [_named(cell.strip()) for cell in heading]
    names = [name for name, _ in split]
    if names[0].lower() not in {"time", "t"}:
        raise _invalid(f"The first column of the CSV must be 'time', not '{names[0][:60]}'.")
    names[0] = "time"
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise _invalid(f"The CSV has several columns called '{repeated[0]}'.")
    if "" in names:
        raise _invalid(f"Column {names.index('') + 1} of the CSV has no name.")
    if len(names) == 1:
        raise _invalid("The CSV has a column of times and no signal: name an input in a second column.")
    return names, {name: _unit(unit) for name, (_, unit) in zip(names, split, strict=True)}


def _named(cell: str) -> tuple[str, str]:
    match = _WITH_UNIT.fullmatch(cell)
    return (match["name"].strip(), match["unit"]) if match else (cell, "")


def _unit(cell: str) -> str:
    """`s` of `[s]`; "" of `-`, which says that there is none."""
    unit = cell.strip().removeprefix("[").removesuffix("]").strip()
    return "" if unit in {"-", "1"} else unit


def _is_units_row(row: list[str], separator: str) -> bool:
    """A row without any number: "s", "[s]" or empty where the time would be, and no digit in it."""
    return not any(character.isdigit() for character in row[0]) and not any(
        isinstance(_value(cell, separator), float) or _value(cell, ";") != cell.strip() for cell in row
    )


def _columns(names: list[str], rows: list[_Row], separator: str) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {name: [] for name in names}
    problems: list[FieldProblem] = []
    for index, row in enumerate(rows):
        problems += _row_problems(index, row, names, separator)
        if len(problems) >= _MAX_PROBLEMS:
            break
        for name, cell in zip(names, row.cells, strict=False):
            columns[name].append(_value(cell, separator))
    if problems:
        raise ExperimentInvalid(problems)
    if not rows:
        raise _invalid("The CSV has a heading and no rows.")
    return columns


def _row_problems(index: int, row: _Row, names: list[str], separator: str) -> Iterator[FieldProblem]:
    where = f"Line {row.line} of the CSV"
    if len(row.cells) != len(names):
        cells = "1 cell" if len(row.cells) == 1 else f"{len(row.cells)} cells"
        yield FieldProblem("inputs", "unequal_lengths", f"{where} has {cells}, the heading {len(names)}.")
    elif "" in (stripped := [cell.strip() for cell in row.cells]):
        name = names[stripped.index("")]
        yield FieldProblem(f"inputs.{name}[{index}]", "required", f"{where} has no value for '{name}'.")
    elif not isinstance(_value(row.cells[0], separator), float):
        message = f"{where}: '{row.cells[0][:60]}' is not a time. Write it as a number, 0.5 for instance."
        yield FieldProblem(f"inputs.time[{index}]", "not_a_number", message)


def _value(cell: str, separator: str) -> float | bool | str:
    cell = cell.strip()
    number = cell.replace(",", ".") if separator != "," and "." not in cell else cell
    try:
        # Python reads 1_000, which no spreadsheet writes.
        return cell if "_" in cell else float(number)
    except ValueError:
        return _TRUTH_WORDS.get(cell.lower(), cell)


def unit_problems(
    stated: Mapping[str, str], declared: Mapping[str, str | None], time_unit: str
) -> Iterator[FieldProblem]:
    """Columns in another unit than the model's: nothing is converted. stated, declared: units by name."""
    for name, unit in stated.items():
        wanted = time_unit if name == "time" else declared.get(name)
        if wanted and unit != wanted and not (name == "time" and unit.lower() in _SECONDS and wanted == "s"):
            message = f"The CSV says that '{name}' is in {unit[:40]}; the model wants {wanted}."
            next_step = f"Convert the column to {wanted}, or leave the unit out if it is that already."
            yield FieldProblem(f"inputs.{name}", "wrong_unit", f"{message} {next_step}")


def _invalid(message: str) -> ExperimentInvalid:
    return ExperimentInvalid([FieldProblem("inputs", "bad_csv", message)])
