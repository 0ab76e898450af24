"""Inputs over time: linear between samples for continuous variables, held for discrete ones.

The arithmetic is FMPy's, operation by operation, so that results agree to the last bit. A time that stands twice is a
step: before the event the earlier sample counts, after it the later one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from math import inf, isclose
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulations.fmi import values
from simulations.fmi.inspection import Variable
from simulations.fmi.runner.access import Block, blocks


class Signals:
    """The inputs of one run, ready to be applied at any time of it."""

    def __init__(
        self,
        fmu: Any,
        fmi: int,
        variables: Sequence[Variable],
        inputs: Mapping[str, list[Any]] | None,
        sizes: Mapping[str, tuple[int, ...]],
    ) -> None:
        given = [variable for variable in variables if inputs and variable.name in inputs and variable.name != "time"]
        samples = inputs or {}
        # A list: bisect finds a place in it ten times as fast as NumPy does in an array.
        self._time = [float(time) for time in samples.get("time", ())]
        self._continuous = _tables(fmu, fmi, [item for item in given if not item.is_discrete], samples, sizes)
        self._discrete = _tables(fmu, fmi, [item for item in given if item.is_discrete], samples, sizes)
        self._events = self._find_events()

    def apply(self, time: float, continuous: bool = True, discrete: bool = True, after_event: bool = False) -> None:
        """Set the inputs for `time`. The signature is the one that FMPy's solvers call."""
        for block, table in self._continuous if continuous else ():
            block.values[:] = self._interpolated(time, table, after_event=after_event)
            block.set()
        for block, table in self._discrete if discrete else ():
            block.values[:] = self._held(time, table, after_event=after_event)
            block.set()

    def next_event(self, time: float) -> float:
        """The next time after `time` at which an input steps; infinite when there is none."""
        if not self._events:
            return inf
        index = bisect_right(self._events, time)
        while index < len(self._events) and isclose(self._events[index], time):
            index += 1
        return self._events[index] if index < len(self._events) else inf

    def _find_events(self) -> list[float]:
        time = np.asarray(self._time)
        if time.size < 2:
            return []
        events = set(time[:-1][np.diff(time) == 0].tolist()) if self._continuous else set()
        for _, table in self._discrete:
            changed = (table[1:] != table[:-1]).any(axis=1)
            events.update(time[1:][changed].tolist())
        return sorted(events)

    def _held(self, time: float, table: NDArray[Any], *, after_event: bool) -> NDArray[Any]:
        at, index = self._time, bisect_left(self._time, time)
        if index in (0, len(at)):
            return self._row(table, index)
        index -= 1
        while after_event and index + 1 < len(at) and (at[index + 1] < time or isclose(time, at[index + 1])):
            index += 1
        return self._row(table, index)

    def _interpolated(self, time: float, table: NDArray[Any], *, after_event: bool) -> NDArray[Any]:
        at, index = self._time, bisect_left(self._time, time)
        last = len(at) - 1
        if index in (0, len(at)):
            return self._at_the_edge(time, index, table, after_event=after_event)
        if isclose(time, at[index]) and index < last and isclose(at[index], at[index + 1]):
            while after_event and index < last and isclose(at[index], at[index + 1]):
                index += 1
            return self._row(table, index)
        before = index - 1
        # NumPy's float64, which a Float32 input is mixed in as well; beside Python's float it would stay single.
        weight = np.float64((at[index] - time) / (at[index] - at[before]))
        mixed: NDArray[Any] = weight * table[before] + (1 - weight) * table[index]
        return mixed

    def _at_the_edge(self, time: float, index: int, table: NDArray[Any], *, after_event: bool) -> NDArray[Any]:
        """Held before the first sample and after the last; a step at the very start counts once it has happened."""
        if index == 0 and after_event:
            while index + 1 < len(self._time) and self._time[index + 1] == self._time[0] == time:
                index += 1
        return self._row(table, index)

    def _row(self, table: NDArray[Any], index: int) -> NDArray[Any]:
        """The sample at `index`; beyond the last one it stays."""
        row: NDArray[Any] = table[min(index, len(self._time) - 1)]
        return row


def _tables(
    fmu: Any, fmi: int, variables: list[Variable], inputs: Mapping[str, list[Any]], sizes: Mapping[str, tuple[int, ...]]
) -> list[tuple[Block, NDArray[Any]]]:
    """Each block with its samples: (T, K), one column for each element of each variable, in the block's own type."""
    return [
        (
            block,
            np.concatenate(
                [_samples(item, inputs[item.name], sizes.get(item.name, ())) for item in block.variables], axis=1
            ).astype(block.values.dtype),
        )
        for block in blocks(fmu, fmi, variables, sizes)
    ]


def _samples(variable: Variable, samples: list[Any], sizes: tuple[int, ...]) -> NDArray[Any]:
    """(T, elements) of one variable."""
    if variable.is_float and not sizes:
        return np.array(samples, dtype=np.float64)[:, np.newaxis]
    return np.array([values.convert(variable, sample, sizes) for sample in samples])
