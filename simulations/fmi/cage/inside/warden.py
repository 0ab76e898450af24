"""The warden: trusted pid 1 of a job. It keeps the wall clock, kills, and alone reports how the job ended."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import socket
import time
from contextlib import suppress
from dataclasses import asdict
from typing import NoReturn

from simulations.fmi.cage.inside import inmate, kernel, mounts, privileges, seccomp
from simulations.fmi.cage.job import Job
from simulations.fmi.cage.report import LOCKED, STARTED, WATCHED, Report
from simulations.fmi.cage.setting import Isolation, Setting

_PR_SET_PDEATHSIG = 1
_SETUP_TEXT_BYTES = 4096
_LOCK_SECONDS = 10.0  # a thousand times what it takes


def supervise(setting: Setting, job: Job, files: dict[str, int]) -> NoReturn:
    """Run the job in a child and report on `files["status"]`. The end of this process is the end of the job."""
    try:
        report = _supervise(setting, job, files)
    except Exception as error:  # noqa: BLE001  whatever fails here is ours, and must be told
        report = Report(setup_error=f"{type(error).__name__}: {error}")
    _tell(files["status"], report)
    os._exit(0)


def report_failure(status: int, message: str) -> None:
    """Tell the trusted side that there is no warden at all."""
    _tell(status, Report(setup_error=message))


def _tell(status: int, report: Report) -> None:
    os.write(status, json.dumps(asdict(report)).encode())


def _supervise(setting: Setting, job: Job, files: dict[str, int]) -> Report:
    kernel.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    namespaces = setting.isolation is Isolation.NAMESPACES
    if namespaces:
        mounts.enter(job)
    os.write(files["status"], STARTED)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = os.fork()
    if child == 0:
        inmate.live(setting, job, files | {"lock": theirs.detach()})
    theirs.close()
    for name in ("result", "log"):
        os.close(files[name])
    if namespaces:
        privileges.drop_capabilities()
        privileges.seal()
    watch = _Watch(child, stop=files["stop"])
    try:
        watch.until_locked(ours)
        started = time.monotonic()
        forbidden_call = watch.until_ended(started + job.wall_seconds)
    finally:
        status, usage = watch.end()
    return Report(
        exit=os.waitstatus_to_exitcode(status),
        forbidden_call=forbidden_call,
        timed_out=watch.timed_out,
        run_seconds=time.monotonic() - started,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_memory_bytes=usage.ru_maxrss * 1024,
    )


class _Watch:
    """The end of an inmate, seen from its warden. stop: the trusted side lets go of it to end the job."""

    def __init__(self, child: int, *, stop: int) -> None:
        self._child = child
        self._ended = os.pidfd_open(child)  # Linux 5.3
        self._listener: int | None = None
        self._waiting = select.poll()
        self.timed_out = False
        for descriptor in (self._ended, stop):
            self._waiting.register(descriptor, select.POLLIN)

    def until_locked(self, lock: socket.socket) -> None:
        """Hear from the inmate before any stranger's code runs in it. Raises OSError with what went wrong."""
        lock.settimeout(_LOCK_SECONDS)
        while (received := socket.recv_fds(lock, _SETUP_TEXT_BYTES, 1))[0] != LOCKED:
            if received[0] != WATCHED:
                raise OSError(received[0].decode(errors="replace") or "the job ended before it was locked down")
            (self._listener,) = received[1]
            self._waiting.register(self._listener, select.POLLIN)

    def until_ended(self, deadline: float) -> int | None:
        """Wait for the end of the inmate, of its time, or of patience; the forbidden call, if it was that."""
        events = dict(self._waiting.poll(max(deadline - time.monotonic(), 0.0) * 1000))
        self.timed_out = not events
        if self._listener is not None and events.get(self._listener, 0) & select.POLLIN:
            with suppress(FileNotFoundError):  # the caller was killed meanwhile
                return seccomp.reported(self._listener)
        if self._listener in events and len(events) == 1:  # nobody is left to listen to: the end is near
            self._waiting.unregister(self._listener)
            return self.until_ended(deadline)
        return None

    def end(self) -> tuple[int, resource.struct_rusage]:
        """Kill the inmate, if it lives, and say how it ended and what it used."""
        if not select.select([self._ended], [], [], 0)[0]:
            _kill(self._child)
        _, status, usage = os.wait4(self._child, 0)
        return status, usage


def _kill(child: int) -> None:
    """With the programs that a compiler started; in a pid namespace they end with the warden anyway."""
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.kill(child, signal.SIGKILL)
