"""The times of a run: steps from the start, every so many of them a row of the result."""

from __future__ import annotations

from math import isclose

same = isclose  # equal but for rounding, as FMPy means it


class Grid:
    """Counts steps. Times are start + n * interval, never a running sum, so that they do not drift.

    target: the next time on the grid; may lie beyond the stop.
    """

    def __init__(self, *, start: float, stop: float, interval: float, step: float) -> None:
        self.start, self.stop = start, stop
        self._interval, self._step = interval, step
        self._steps_a_row = max(1, round(interval / step))
        # isclose() at every step would cost more than the rest of it: far from the stop it need not be asked.
        self._nearly_over = stop - 1e-8 * max(abs(start), abs(stop))
        self._done = 0
        self.target = self._time_of(1)

    def reach(self, time: float) -> bool | None:
        """Count the step if `time` is its target; whether that was a row. None when it is another time."""
        if time != self.target and not same(time, self.target):
            return None
        self._done += 1
        self.target = self._time_of(self._done + 1)
        return self._done % self._steps_a_row == 0

    def is_over(self, time: float) -> bool:
        return time >= self._nearly_over and (time > self.stop or same(time, self.stop))

    def is_beyond(self, time: float) -> bool:
        return time > self.stop and not same(time, self.stop)

    def _time_of(self, steps: int) -> float:
        rows, parts = divmod(steps, self._steps_a_row)
        return self.start + rows * self._interval + parts * self._step
