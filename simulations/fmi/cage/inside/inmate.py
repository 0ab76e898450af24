"""The inmate: pid 2 of a job. It gives up everything, and only then touches the stranger's files."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from simulations.fmi.cage.inside import kernel, landlock, privileges, seccomp, tasks
from simulations.fmi.cage.job import Job
from simulations.fmi.cage.setting import Isolation, Setting

LOCKED = "locked"
_ENDED_WELL, _COULD_NOT_REPORT, _NOT_LOCKED = 0, 70, 71
_KEPT = ("result", "payload", "archive", "lock")


def live(setting: Setting, job: Job, files: dict[str, int]) -> NoReturn:
    """Lock down, say so on `files["lock"]`, do the task, report on `files["result"]`, leave."""
    code = _NOT_LOCKED
    try:
        code = _live(setting, job, files)
    except BaseException as error:  # noqa: BLE001  nothing may leave this function but os._exit
        _complain(files, code, error)
    finally:
        os._exit(code)


def _live(setting: Setting, job: Job, files: dict[str, int]) -> int:
    _join_cgroups(files)
    _keep_only(files)
    _lock_down(setting, job)
    os.write(files["lock"], LOCKED.encode())
    os.close(files["lock"])
    try:
        tasks.perform(job, files)
    except OSError:
        return _COULD_NOT_REPORT
    finally:
        _flush()
    return _ENDED_WELL


def _complain(files: dict[str, int], code: int, error: BaseException) -> None:
    if code == _NOT_LOCKED:
        os.write(files["lock"], f"{type(error).__name__}: {error}".encode())


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
    for descriptor in sorted(files[name] for name in _KEPT if name in files):
        os.closerange(previous + 1, descriptor)
        previous = descriptor
    os.closerange(previous + 1, os.sysconf("SC_OPEN_MAX"))


def _lock_down(setting: Setting, job: Job) -> None:
    _default_signals()
    privileges.limit(cpu_seconds=job.cpu_seconds, address_space=job.address_space, file_bytes=job.file_bytes)
    if setting.isolation is Isolation.NAMESPACES:
        privileges.leave_user_namespace()
    elif job.uid is not None:
        privileges.become(job.uid)
    if setting.isolation is not Isolation.NOTHING:
        _lose_rights(setting, job)
    os.chdir(job.scratch)


def _lose_rights(setting: Setting, job: Job) -> None:
    writable = (Path(job.scratch), Path(os.devnull)) + ((Path(job.fmu),) if job.writes_fmu else ())
    readable = (*map(Path, setting.readable), Path(job.fmu))
    privileges.drop_capabilities()
    privileges.seal()
    landlock.confine(read=readable, write=writable)
    os.chdir(job.scratch)
    seccomp.install(setting.bpf)


def _default_signals() -> None:
    """Python ignores SIGXFSZ and turns SIGINT into an exception; native code expects neither."""
    for number in (signal.SIGXFSZ, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def _flush() -> None:
    """Push out what Python and the C library hold back, since os._exit does not."""
    sys.stdout.flush()
    sys.stderr.flush()
    kernel.libc.fflush(ctypes.c_void_p(None))
