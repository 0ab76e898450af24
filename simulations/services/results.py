"""A stored result as its reader wants it: some columns, thinned out, never more than asked for."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulations.errors import BadRequest, NoResult, ResultTrimmed
from simulations.fmi.check import MOST_PROBLEMS
from simulations.fmi.downsample import downsample
from simulations.fmi.errors import FieldProblem
from simulations.fmi.experiment import Column, Result
from simulations.fmi.nearest import Nearest
from simulations.models import Simulation, Status
from simulations.services import result_files

_INDICES = re.compile(r"\[\d+(,\d+)*\]")


@contextmanager
def opened(
    simulation: Simulation, *, outputs: Sequence[str] | None = None, max_points: int | None = None
) -> Iterator[Result]:
    """The result of a simulation, mapped from its file and valid inside the block.

    outputs: only these columns or arrays, in this order, after time. max_points: at most that many rows, keeping the
    shape; what was thinned out is not complete.
    Raises BadRequest for unknown outputs, NoResult, ResultTrimmed.
    """
    require_data(simulation)
    columns = chosen(simulation, outputs)
    with result_files.opened(simulation.result) as data:
        picked = data[[column.name for column in columns]]
        result = Result(columns=columns, data=picked, complete=not simulation.result_is_partial)
        yield result if max_points is None or len(data) <= max_points else _thinned(result, max_points)


def columns_of(simulation: Simulation) -> tuple[Column, ...]:
    """What the columns of the result are, time first."""
    return tuple(_column(**column) for column in simulation.columns)


def curves_of(simulation: Simulation) -> tuple[Column, ...]:
    """The outputs that can be drawn: without the time and without texts."""
    return tuple(column for column in columns_of(simulation)[1:] if column.texts is None)


def chosen(simulation: Simulation, outputs: Sequence[str] | None) -> tuple[Column, ...]:
    """Time and the columns that `outputs` names, an array's name all of its own. Raises BadRequest for unknown ones."""
    time, *others = columns_of(simulation)
    if outputs is None:
        return (time, *others)
    known = {column.name: column for column in others}
    arrays = _arrays(known)
    asked = {name: [name] if name in known else arrays.get(name, []) for name in outputs if name != time.name}
    if unknown := [name for name, found in asked.items() if not found]:
        raise _unknown(unknown, list(known))
    return (time, *(known[name] for name in dict.fromkeys(itertools.chain.from_iterable(asked.values()))))


def require_data(simulation: Simulation) -> None:
    """Raise when there is nothing to show."""
    if simulation.result:
        return
    if simulation.result_trimmed_at:
        raise ResultTrimmed(f"The result of {simulation.public_id} is no longer kept. Run it again.")
    raise NoResult(_why_nothing(simulation))


def require_downloads(simulation: Simulation) -> None:
    """Raise when the whole result is not there to be downloaded."""
    if simulation.status != Status.SUCCEEDED:
        raise NoResult(_why_nothing(simulation))
    require_data(simulation)


def curves(result: Result) -> Result:
    """Without the columns of texts, which cannot be drawn."""
    columns = tuple(column for column in result.columns if column.texts is None)
    return replace(result, columns=columns, data=result.data[[column.name for column in columns]])


def values_of(column: NDArray[np.generic], texts: Sequence[str] | None = None) -> list[float | int | bool | str | None]:
    """One column as JSON values; what is not finite becomes null, and a number that stands for a text that text."""
    if texts is not None:
        return [texts[number] for number in column.tolist()]
    if column.dtype.kind == "f" and not np.isfinite(column).all():
        return [value if np.isfinite(value) else None for value in column.tolist()]
    return list(column.tolist())


def _thinned(result: Result, max_points: int) -> Result:
    return replace(downsample(result, max_points), complete=False)


def _column(**facts: object) -> Column:
    enumeration = facts.pop("enumeration", None)
    names = {int(number): name for number, name in enumeration.items()} if isinstance(enumeration, dict) else None
    texts = facts.pop("texts", None)
    known = tuple(texts) if isinstance(texts, list) else None
    return Column(**facts, enumeration=names, texts=known)  # type: ignore[arg-type]  # written by finish from a Column


def _arrays(known: Iterable[str]) -> Mapping[str, list[str]]:
    """`A[0,0]`, `A[0,1]` ... of each `A`."""
    elements = defaultdict(list)
    for name in known:
        array = name[: name.rfind("[")]
        if _INDICES.fullmatch(name, len(array)):
            elements[array].append(name)
    return elements


def _unknown(names: list[str], known: list[str]) -> BadRequest:
    """A result has as many columns as its model's author likes, with names of any length."""
    near = Nearest(known)
    problems = [_unknown_output(name, near.to(name), known) for name in names[:MOST_PROBLEMS]]
    return BadRequest(" ".join(problem.message for problem in problems), errors=problems)


def _unknown_output(name: str, close: str | None, known: list[str]) -> FieldProblem:
    hint = f"did you mean '{close}'?" if close else f"it has {', '.join(known[:10])}."
    return FieldProblem("outputs", "unknown_output", f"The result has no output '{name[:100]}'; {hint}")


def _why_nothing(simulation: Simulation) -> str:
    if not simulation.is_final:
        return f"{simulation.public_id} is {simulation.status}: its result is not there yet."
    return f"{simulation.public_id} {simulation.status}: only a simulation that succeeded has a result to download."
