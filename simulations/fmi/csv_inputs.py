"""Input signals from a CSV text, as spreadsheets and simulation tools write it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from simulations.fmi.errors import ExperimentInvalid, FieldProblem

_TRUTH_WORDS = {"true": True, "false": False}
_MAX_PROBLEMS = 20


def parse(text: str) -> dict[str, list[Any]]:
    """Columns by name, "time" first: numbers, truth values, or names of an enumeration.

    The separator is a tab, ; or , as the heading has it; with the first two a comma may be the decimal point. A row of
    units below the heading and lines that start with # are left out. Raises ExperimentInvalid that names the cells.
    """
    lines = [line for line in text.removeprefix("\ufeff").splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise _invalid("The CSV is empty; its first line names the columns, beginning with 'time'.")
    separator = _separator(lines[0])
    rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator, skipinitialspace=True))
    names = _names(rows[0])
    body = rows[2:] if len(rows) > 1 and _is_units_row(rows[1], separator) else rows[1:]
    return _columns(names, body, separator)


def _separator(heading: str) -> str:
    return next((mark for mark in "\t;," if mark in heading), ",")


def _names(heading: list[str]) -> list[str]:
    names = [name.strip() for name in heading]
    if names[0].partition("[")[0].strip().lower() not in {"time", "t"}:
        raise _invalid(f"The first column of the CSV must be 'time', not '{names[0]}'.")
    names[0] = "time"
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise _invalid(f"The CSV has several columns called '{repeated[0]}'.")
    if "" in names:
        raise _invalid(f"Column {names.index('') + 1} of the CSV has no name.")
    return names


def _is_units_row(row: list[str], separator: str) -> bool:
    """A row whose time is no number: "s", "[s]" or empty."""
    return not isinstance(_value(row[0], separator), float)


def _columns(names: list[str], rows: list[list[str]], separator: str) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {name: [] for name in names}
    problems: list[FieldProblem] = []
    for index, row in enumerate(rows):
        problems += _row_problems(index, row, names, separator)
        if len(problems) >= _MAX_PROBLEMS:
            break
        for name, cell in zip(names, row, strict=False):
            columns[name].append(_value(cell, separator))
    if problems:
        raise ExperimentInvalid(problems)
    if not rows:
        raise _invalid("The CSV has a heading and no rows.")
    return columns


def _row_problems(index: int, row: list[str], names: list[str], separator: str) -> Iterator[FieldProblem]:
    if len(row) != len(names):
        message = f"Row {index + 1} of the CSV has {len(row)} cells, the heading {len(names)}."
        yield FieldProblem("inputs", "unequal_lengths", message)
    elif "" in (stripped := [cell.strip() for cell in row]):
        name = names[stripped.index("")]
        yield FieldProblem(
            f"inputs.{name}[{index}]", "required", f"Row {index + 1} of the CSV has no value for '{name}'."
        )
    elif not isinstance(_value(row[0], separator), float):
        message = f"Row {index + 1} of the CSV: '{row[0]}' is not a time."
        yield FieldProblem(f"inputs.time[{index}]", "not_a_number", message)


def _value(cell: str, separator: str) -> float | bool | str:
    cell = cell.strip()
    number = cell.replace(",", ".") if separator != "," and "." not in cell else cell
    try:
        return float(number)
    except ValueError:
        return _TRUTH_WORDS.get(cell.lower(), cell)


def _invalid(message: str) -> ExperimentInvalid:
    return ExperimentInvalid([FieldProblem("inputs", "bad_csv", message)])
