"""The zygote: Python, numpy and FMPy imported and warm, forking one warden a job in a millisecond or two.

It is single-threaded, holds no secret, has no network, and never reads a byte of a stranger.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from pathlib import Path

from simulations.fmi.cage.inside import immortal, warden, warmup
from simulations.fmi.cage.job import Job
from simulations.fmi.cage.report import READY
from simulations.fmi.cage.setting import Isolation, Setting

_JOB_BYTES = 1 << 16
_FILES = 16


def main() -> None:
    """Serve jobs until the trusted side closes the control socket."""
    setting = Setting.load(sys.argv[1])
    warmup.load(Path(setting.samples) if setting.samples else None)
    _freeze_memory()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the wardens
    with socket.socket(fileno=setting.control) as control:
        control.sendall(READY)
        while (received := socket.recv_fds(control, _JOB_BYTES, _FILES))[0]:
            _start(setting, control, Job.load(received[0]), received[1])
    os._exit(0)  # the interpreter cannot be taken down with objects that never end


def _freeze_memory() -> None:
    """Keep the garbage collector and the counts of references from touching, and so copying, what children share."""
    gc.collect()
    immortal.make_all()
    gc.freeze()
    gc.disable()


def _start(setting: Setting, control: socket.socket, job: Job, descriptors: list[int]) -> None:
    files = dict(zip(job.files, descriptors, strict=True))
    try:
        _fork_warden(setting, control, job, files)
    except OSError as error:
        warden.report_failure(files["status"], f"fork: {error}")
    for descriptor in descriptors:
        os.close(descriptor)


def _fork_warden(setting: Setting, control: socket.socket, job: Job, files: dict[str, int]) -> None:
    """The warden is pid 1 of a new pid namespace (Linux 3.8): its end is the end of everything the job started."""
    own = setting.isolation is Isolation.NAMESPACES
    if own:
        os.unshare(os.CLONE_NEWPID)
    try:
        if os.fork() == 0:
            control.close()
            warden.supervise(setting, job, files)
    finally:
        if own:
            _return_to_own_pid_namespace()


def _return_to_own_pid_namespace() -> None:
    """Let the next fork have a new namespace: one whose pid 1 has died accepts no more children."""
    descriptor = os.pidfd_open(os.getpid())
    os.setns(descriptor, os.CLONE_NEWPID)
    os.close(descriptor)


if __name__ == "__main__":
    main()
