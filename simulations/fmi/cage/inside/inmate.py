"""The inmate: pid 2 of a job. It gives up everything, and only then touches the stranger's files."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

from simulations.fmi.cage.inside import kernel, landlock, privileges, seccomp, tasks
from simulations.fmi.cage.job import Job
from simulations.fmi.cage.report import COULD_NOT_REPORT, ENDED_WELL, LOCKED, WATCHED
from simulations.fmi.cage.setting import Filters, Isolation, Setting

_KEPT = ("result", "payload", "archive", "lock")
_HIGHEST_DESCRIPTOR = 1 << 16


def live(setting: Setting, job: Job, files: dict[str, int]) -> NoReturn:
    """Lock down, say so on `files["lock"]`, do the task, report on `files["result"]`, leave."""
    try:
        _get_ready(setting, job, files)
    except BaseException as error:  # noqa: BLE001  whatever fails here is ours, and must be told
        os.write(files["lock"], f"{type(error).__name__}: {error}".encode())
        os._exit(COULD_NOT_REPORT)
    os._exit(_work(job, files))


def _get_ready(setting: Setting, job: Job, files: dict[str, int]) -> None:
    _join_cgroups(files)
    _keep_only(files)
    with socket.socket(fileno=files["lock"]) as lock:
        _lock_down(setting, job, lock)
        os.write(lock.fileno(), LOCKED)  # the filter knows no send()


def _work(job: Job, files: dict[str, int]) -> int:
    try:
        tasks.perform(job, files)
        _flush()
    except BaseException:  # noqa: BLE001  the stranger's code broke the pipe, or the interpreter itself
        return COULD_NOT_REPORT
    return ENDED_WELL


def _join_cgroups(files: dict[str, int]) -> None:
    """Enter the job's cgroups through files that the trusted side opened; the writer's own rights do not matter."""
    for name, descriptor in files.items():
        if name.startswith("cgroup"):
            os.write(descriptor, b"0")


def _keep_only(files: dict[str, int]) -> None:
    """Standard streams and what the task needs; every other descriptor is closed."""
    for stream in (1, 2):
        os.dup2(files["log"], stream)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    previous = 2
    for descriptor in (*sorted(files[name] for name in _KEPT if name in files), _HIGHEST_DESCRIPTOR):
        os.closerange(previous + 1, descriptor)
        previous = descriptor


def _lock_down(setting: Setting, job: Job, lock: socket.socket) -> None:
    _default_signals()
    os.environ.update(HOME=job.scratch, TMPDIR=job.scratch)
    os.chdir(job.scratch)
    privileges.limit(cpu_seconds=job.cpu_seconds, address_space=job.address_space, file_bytes=job.file_bytes)
    if setting.isolation is not Isolation.NOTHING:
        _lose_rights(setting, job)
    if setting.filters is not None:
        _filter_calls(setting.filters, lock)


def _lose_rights(setting: Setting, job: Job) -> None:
    """The order matters: the rules are written while their paths can still be reached."""
    rules = landlock.rules(read=_readable(setting, job), write=_writable(job), execute=map(Path, setting.executable))
    if setting.isolation is Isolation.NAMESPACES:
        privileges.leave_user_namespace()
    elif job.uid is not None:
        privileges.become(job.uid)
    privileges.drop_capabilities()
    privileges.seal()
    landlock.enforce(rules)


def _filter_calls(filters: Filters, lock: socket.socket) -> None:
    """The listener goes to the warden while sending is still possible."""
    try:
        listener = seccomp.listen(filters.watch)
    except OSError:
        seccomp.install(filters.strict)
        return
    socket.send_fds(lock, [WATCHED], [listener])
    os.close(listener)
    seccomp.install(filters.guard)


def _readable(setting: Setting, job: Job) -> list[Path]:
    return [*map(Path, setting.readable), Path(job.fmu)]


def _writable(job: Job) -> list[Path]:
    return [Path(job.scratch), Path(os.devnull), *([Path(job.output)] if job.output else [])]


def _default_signals() -> None:
    """Python ignores SIGXFSZ and turns SIGINT into an exception; native code expects neither."""
    for number in (signal.SIGXFSZ, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def _flush() -> None:
    """Push out what Python and the C library hold back, since os._exit does not."""
    sys.stdout.flush()
    sys.stderr.flush()
    kernel.libc.fflush(ctypes.c_void_p(None))
