"""What an inmate says while it works: how far it is, and the rows so far."""

from __future__ import annotations

import time
from collections.abc import Callable

from simulations.fmi.cage.frames import Sender
from simulations.fmi.experiment import Column
from simulations.fmi.runner.recorder import Recorder


class ProgressMeter:
    """A progress callback that speaks at most ten times a second and calls `check` every time."""

    _INTERVAL = 0.1

    def __init__(self, sender: Sender, check: Callable[[], None]) -> None:
        self._sender = sender
        self._check = check
        self._next = 0.0

    def __call__(self, share: float) -> None:
        self._check()
        now = time.monotonic()
        if now >= self._next:
            self._next = now + self._INTERVAL
            self._sender.progress(share)


class Keeper:
    """Sends the rows of a long run as it goes, so that a crash or a hang leaves a partial curve.

    A run that ends well sends its result from the start once more: its last rows may have been cut.
    """

    _INTERVAL = 0.5

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._next = time.monotonic() + self._INTERVAL
        self._recorder: Recorder | None = None
        self._sent = 0
        self._columns: tuple[Column, ...] = ()

    def __call__(self, recorder: Recorder) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._INTERVAL
        if recorder is not self._recorder:  # another attempt, from its beginning
            self._recorder, self._sent = recorder, 0
        new = recorder.result(complete=False, first=self._sent)
        if self._sent and new.columns != self._columns:  # a text that was not seen before: the rows once more
            self._sent, new = 0, recorder.result(complete=False)
        if self._sent == 0:
            self._columns = new.columns
            self._sender.columns(new.columns, new.data.dtype)
        self._sender.rows(new.data)
        self._sent += len(new.data)
