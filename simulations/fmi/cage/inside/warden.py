"""The warden: trusted pid 1 of a job. It keeps the wall clock, kills, and alone reports how the job ended."""

from __future__ import annotations

import json
import os
import select
import signal
import time
from contextlib import suppress
from dataclasses import asdict, replace
from typing import NoReturn

from simulations.fmi.cage.inside import inmate, kernel, mounts, privileges
from simulations.fmi.cage.job import Job
from simulations.fmi.cage.report import LOCKED, STARTED, Report
from simulations.fmi.cage.setting import Isolation, Setting

_PR_SET_PDEATHSIG = 1
_SETUP_TEXT_BYTES = 4096


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
    locked, lock = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        inmate.live(setting, job, files | {"lock": lock})
    for descriptor in (lock, files["result"], files["log"]):
        os.close(descriptor)
    if namespaces:
        privileges.drop_capabilities()
        privileges.seal()
    return replace(_watch(child, files["stop"], started, job.wall_seconds), setup_error=_setup_error(locked))


def _watch(child: int, stop: int, started: float, wall_seconds: float) -> Report:
    """Wait for the child's end, for the trusted side to let go of `stop`, or for the wall clock."""
    ended = os.pidfd_open(child)  # Linux 5.3
    waiting = select.poll()
    for descriptor in (ended, stop):
        waiting.register(descriptor, select.POLLIN)
    left = started + wall_seconds - time.monotonic()
    ready = {descriptor for descriptor, _ in waiting.poll(max(left, 0.0) * 1000)}
    if ended not in ready:
        _kill(child)
    _, status, usage = os.wait4(child, 0)
    return Report(
        exit=os.waitstatus_to_exitcode(status),
        timed_out=not ready,
        stopped=bool(ready) and ended not in ready,
        run_seconds=time.monotonic() - started,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_memory_bytes=usage.ru_maxrss * 1024,
    )


def _kill(child: int) -> None:
    """With the programs that a compiler started; in a pid namespace they end with the warden anyway."""
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.kill(child, signal.SIGKILL)


def _setup_error(locked: int) -> str:
    """What the inmate wrote before it was locked down: one word if all is well. No stranger's code had this pipe."""
    text = os.read(locked, _SETUP_TEXT_BYTES).decode(errors="replace")
    return "" if text == LOCKED else text or "the job ended before it was locked down"
