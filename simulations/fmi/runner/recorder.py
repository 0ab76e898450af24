"""Rows of a result as they come: one growing table for each type, a few bytes a value, checked as it grows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulations.fmi.errors import BadResult, OutputLimitExceeded
from simulations.fmi.experiment import Column, Result
from simulations.fmi.inspection import Variable
from simulations.fmi.runner.access import Block, blocks
from simulations.fmi.runner.texts import Texts

_CHECKED_AT_ONCE = 1024
_FIRST_VALUES = 1 << 20


class Recorder:
    """Samples the outputs of a run. sizes: each array output's sizes."""

    def __init__(
        self, fmu: Any, fmi: int, outputs: Sequence[Variable], sizes: Mapping[str, tuple[int, ...]], *, max_values: int
    ) -> None:
        self._outputs, self._sizes = outputs, sizes
        self._blocks: list[Block | Texts] = [*blocks(fmu, fmi, [item for item in outputs if item.has_curve], sizes)]
        if texts := [item for item in outputs if not item.has_curve]:
            self._blocks.append(Texts(fmu, fmi, texts, sizes))
        self._width = 1 + sum(len(block.values) for block in self._blocks)
        self._max_rows = max(1, max_values // self._width)
        self._max_values = max_values
        first = min(self._max_rows, max(16, min(_CHECKED_AT_ONCE, _FIRST_VALUES // self._width)))
        self._times = np.empty(first)
        self._tables = [np.empty((first, len(block.values)), _stored(block)) for block in self._blocks]
        # Growing changes the tables in place.
        self._pairs = list(zip(self._blocks, self._tables, strict=True))
        self.rows = 0
        self._checked = 0

    def sample(self, time: float) -> None:
        """Add a row. Raises OutputLimitExceeded, and BadResult when a block of rows turns out not finite."""
        row = self.rows
        if row == len(self._times):
            self._grow()
        self._times[row] = time
        for block, table in self._pairs:
            table[row] = block.get()
        self.rows = row + 1
        if self.rows - self._checked >= _CHECKED_AT_ONCE:
            self.check()

    @property
    def last_time(self) -> float | None:
        return float(self._times[self.rows - 1]) if self.rows else None

    def check(self) -> None:
        """Cut the rows at the first value that is not finite, and raise BadResult that names it."""
        new = slice(self._checked, self.rows)
        self._checked = self.rows
        for block, table in self._pairs:
            if table.dtype.kind == "f" and not (finite := np.isfinite(table[new])).all():
                self._fail(block, table, new.start, np.argwhere(~finite)[0])

    def result(self, *, complete: bool, first: int = 0) -> Result:
        """Everything so far, from row `first` on; columns in the order of the outputs."""
        texts = self._texts()
        columns = tuple(itertools.chain.from_iterable(self._columns(variable, texts) for variable in self._outputs))
        tables, negated = self._by_name(), self._negated()
        fields = [("time", np.float64), *((column.name, tables[column.name].dtype) for column in columns)]
        data = np.empty(self.rows - first, dtype=fields)
        data["time"] = self._times[first : self.rows]
        for column in columns:
            values = tables[column.name][first : self.rows]
            data[column.name] = -values if column.name in negated else values
        return Result(columns=columns, data=data, complete=complete)

    def _grow(self) -> None:
        if self.rows >= self._max_rows:
            raise OutputLimitExceeded(
                f"The run wrote more than {self._max_values:,} values (at t={self.last_time:g}); "
                "take a larger output_interval or fewer outputs, or record_events false."
            )
        rows = min(2 * len(self._times), self._max_rows)
        self._times.resize(rows, refcheck=False)
        for table in self._tables:
            table.resize((rows, table.shape[1]), refcheck=False)

    def _fail(self, block: Block | Texts, table: NDArray[Any], first: int, where: NDArray[np.intp]) -> None:
        row, column = first + int(where[0]), int(where[1])
        name = list(self._names(block))[column]
        value = "NaN" if np.isnan(table[row, column]) else "infinite"
        time = float(self._times[row])
        self.rows = self._checked = row
        raise BadResult(f"'{name}' is {value} at t={time:g}.")

    def _negated(self) -> frozenset[str]:
        return frozenset(variable.name for variable in self._outputs if variable.negated)

    def _by_name(self) -> dict[str, NDArray[Any]]:
        return {name: table[:, index] for block, table in self._pairs for index, name in enumerate(self._names(block))}

    def _names(self, block: Block | Texts) -> Iterator[str]:
        return itertools.chain.from_iterable(
            element_names(item.name, self._sizes.get(item.name, ())) for item in block.variables
        )

    def _texts(self) -> dict[str, tuple[str, ...]]:
        blocks = [block for block in self._blocks if isinstance(block, Texts)]
        return {name: texts for block in blocks for name, texts in zip(self._names(block), block.all(), strict=True)}

    def _columns(self, variable: Variable, texts: Mapping[str, tuple[str, ...]]) -> Iterator[Column]:
        items = {number: name for name, number in (variable.enumeration or {}).items()} or None
        for name in element_names(variable.name, self._sizes.get(variable.name, ())):
            yield Column(
                name=name, unit=variable.unit, display_unit=variable.display_unit,
                description=variable.description, enumeration=items, texts=texts.get(name),
            )  # fmt: skip


def element_names(name: str, sizes: tuple[int, ...]) -> list[str]:
    """'A' of 2 x 2 gives A[0,0] A[0,1] A[1,0] A[1,1]; a scalar its own name."""
    if not sizes:
        return [name]
    return [f"{name}[{','.join(map(str, index))}]" for index in itertools.product(*map(range, sizes))]


def _stored(block: Block | Texts) -> Any:
    """The result's dtype for a block's type: float64, int64 (for texts as well), uint64 or bool."""
    kind = block.variables[0].type
    if kind == "Boolean":
        return np.bool_
    if kind == "UInt64":
        return np.uint64
    return np.float64 if block.variables[0].is_float else np.int64
