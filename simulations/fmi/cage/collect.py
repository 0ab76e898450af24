"""Draining a job's pipes: caps on everything, a clock of our own, and the trusted report of how it ended."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from simulations.fmi.cage import text
from simulations.fmi.cage.decode import Decoder
from simulations.fmi.cage.report import Report
from simulations.fmi.errors import OutputLimitExceeded, RunError

_CHUNK = 1 << 20
_ASK_SECONDS = 0.25
_START_SECONDS = 10.0
_GRACE_SECONDS = 10.0
_LOG_FLOOD = 1024  # times the part of the log that is kept


@dataclass(slots=True)
class Pipes:
    """The three pipes that a job writes and the one whose closing stops it; ours are the ends without `theirs_`."""

    result: int
    status: int
    log: int
    stop: int
    theirs: dict[str, int]

    @classmethod
    def open(cls) -> Pipes:
        ours, theirs = {}, {}
        for name in ("result", "status", "log"):
            ours[name], theirs[name] = os.pipe()
        theirs["stop"], ours["stop"] = os.pipe()
        return cls(**ours, theirs=theirs)

    def close_theirs(self) -> None:
        while self.theirs:
            os.close(self.theirs.popitem()[1])

    def close(self) -> None:
        self.close_theirs()
        for descriptor in (self.result, self.status, self.log):
            os.close(descriptor)
        self.let_go()

    def let_go(self) -> None:
        """Stop the job, if it still runs."""
        if self.stop >= 0:
            os.close(self.stop)
            self.stop = -1


@dataclass(slots=True)
class Collected:
    """What a job left. report is None when nobody reported: the warden or the zygote died, or hung."""

    decoder: Decoder
    started: bool = False
    report: Report | None = None
    log: str = ""
    canceled: bool = False
    hung: bool = False
    fault: RunError | None = None


@dataclass(slots=True)
class Collector:
    """Reads until every pipe is closed or the time is up. deadlines: for the warden to start, and to report."""

    pipes: Pipes
    decoder: Decoder
    start_deadline: float
    deadline: float
    log_bytes: int
    should_stop: Callable[[], bool]
    _log: bytearray = field(default_factory=bytearray)
    _log_seen: int = 0
    _status: bytearray = field(default_factory=bytearray)
    _fault: RunError | None = None
    _canceled: bool = False

    def collect(self) -> Collected:
        hung = False
        with selectors.DefaultSelector() as selector:
            for descriptor in (self.pipes.result, self.pipes.status, self.pipes.log):
                selector.register(descriptor, selectors.EVENT_READ)
            for _ in self._rounds(selector):
                hung = time.monotonic() > (self.deadline if self._status else self.start_deadline)
                if hung:
                    break
        return Collected(
            decoder=self.decoder,
            started=bool(self._status),
            report=_report(bytes(self._status)),
            log=text.printable(self._log.decode("utf-8", "backslashreplace")),
            canceled=self._canceled,
            hung=hung,
            fault=self._fault,
        )

    def _rounds(self, selector: selectors.BaseSelector) -> Iterator[None]:
        """One turn each time that something can be read or a quarter of a second went by."""
        ask_at = time.monotonic() + _ASK_SECONDS
        while selector.get_map():
            for key, _ in selector.select(_ASK_SECONDS):
                if not self._read(key.fd):
                    selector.unregister(key.fd)
            if time.monotonic() >= ask_at:
                ask_at = time.monotonic() + _ASK_SECONDS
                self._ask()
            yield

    def _ask(self) -> None:
        if not self._canceled and self.should_stop():
            self._canceled = True
            self.pipes.let_go()

    def _read(self, descriptor: int) -> bool:
        data = os.read(descriptor, _CHUNK)
        if descriptor == self.pipes.status:
            self._status += data
        elif descriptor == self.pipes.log:
            self._take_log(data)
        elif self._fault is None:
            self._take_result(data)
        return bool(data)

    def _take_result(self, data: bytes) -> None:
        try:
            self.decoder.feed(data)
        except RunError as fault:
            self._stop_for(fault)

    def _take_log(self, data: bytes) -> None:
        self._log += data[: max(0, self.log_bytes - len(self._log))]
        self._log_seen += len(data)
        if self._log_seen > self.log_bytes * _LOG_FLOOD:
            self._stop_for(OutputLimitExceeded(f"The FMU printed more than {self._log_seen >> 20} MiB."))

    def _stop_for(self, fault: RunError) -> None:
        self._fault = self._fault or fault
        self.pipes.let_go()


def _report(status: bytes) -> Report | None:
    with contextlib.suppress(ValueError, TypeError):
        return Report(**json.loads(status))
    return None


def deadlines(wall_seconds: float) -> tuple[float, float]:
    """When to give up on a warden that has not started, and on one that should have reported."""
    now = time.monotonic()
    return now + _START_SECONDS, now + wall_seconds + _GRACE_SECONDS
