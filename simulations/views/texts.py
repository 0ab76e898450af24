"""Text outputs as one reads them: what each said, and from when on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simulations.fmi.experiment import Column, Result
from simulations.models import Simulation
from simulations.services import results

MOST_OUTPUTS = 20
MOST_CHANGES = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class TextOutput:
    """changes: (time in the result's unit, text), the first MOST_CHANGES of them; more: how many came after those."""

    name: str
    changes: tuple[tuple[float, str], ...]
    more: int


def texts_of(simulation: Simulation) -> list[TextOutput]:
    """The first MOST_OUTPUTS text outputs of a stored result; none when there is no result."""
    names = [column.name for column in results.columns_of(simulation) if column.texts is not None][:MOST_OUTPUTS]
    if not names or not simulation.result:
        return []
    with results.opened(simulation, outputs=names) as result:
        return list(_outputs(result))


def _outputs(result: Result) -> Iterator[TextOutput]:
    if not len(result.data):
        return
    for column in result.columns[1:]:
        yield _output(result, column, column.texts or ())


def _output(result: Result, column: Column, texts: tuple[str, ...]) -> TextOutput:
    numbers = result.data[column.name]
    rows = np.concatenate(([0], np.flatnonzero(np.diff(numbers)) + 1))
    shown = rows[:MOST_CHANGES]
    times = result.data["time"][shown].tolist()
    said = [texts[number] for number in numbers[shown].tolist()]
    return TextOutput(name=column.name, changes=tuple(zip(times, said, strict=True)), more=len(rows) - len(shown))
