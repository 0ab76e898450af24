"""The times of a run: steps from the start, every so many of them a row of the result."""

from __future__ import annotations

from math import isclose


def same(one: float, other: float) -> bool:
    """Equal but for rounding, as FMPy means it."""
    return isclose(one, other)


class Grid:
    """Counts steps. Times are start + n * interval, never a running sum, so that they do not drift."""

    def __init__(self, *, start: float, stop: float, interval: float, step: float) -> None:
        self.start, self.stop = start, stop
        self._interval, self._step = interval, step
        self._steps_a_row = max(1, round(interval / step))
        self._done = 0

    @property
    def target(self) -> float:
        """The next time on the grid; may lie beyond the stop."""
        rows, parts = divmod(self._done + 1, self._steps_a_row)
        return self.start + rows * self._interval + parts * self._step

    def reach(self, time: float) -> bool:
        """Count the step if `time` is its target; whether that was a row."""
        if not same(time, self.target):
            return False
        self._done += 1
        return self._done % self._steps_a_row == 0

    def is_over(self, time: float) -> bool:
        return time > self.stop or same(time, self.stop)

    def is_beyond(self, time: float) -> bool:
        return time > self.stop and not same(time, self.stop)
