"""A zygote from outside: start one, hand it a job, end it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from simulations.fmi.cage import bubblewrap, launcher, places, syscalls, view
from simulations.fmi.cage.job import Job
from simulations.fmi.cage.report import READY
from simulations.fmi.cage.setting import Isolation, Setting

_START_SECONDS = 60.0


class CageUnavailable(Exception):
    """No cage of the wanted level can be had on this machine; the message says why and what to do."""


@dataclass(slots=True)
class Zygote:
    """One warm process tree. jobs counts what it has been given, for recycling."""

    isolation: Isolation
    process: subprocess.Popen[bytes]
    control: socket.socket
    jobs: int = 0

    @classmethod
    def start(cls, isolation: Isolation, *, store: Path, incoming: Path, libraries: Path | None) -> Self:
        """A zygote that has said it is ready. Raises CageUnavailable with what it said instead."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            arguments = _command(isolation, theirs.fileno(), store, incoming, libraries)
            process = subprocess.Popen(
                arguments,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={},
                cwd="/",
            )
        zygote = cls(isolation, process, ours)
        zygote._await_ready()
        return zygote

    def submit(self, job: Job, files: Mapping[str, int]) -> None:
        """Hand over a job and its descriptors. Raises OSError when the zygote is gone."""
        self.jobs += 1
        socket.send_fds(self.control, [job.dump()], [files[name] for name in job.files])

    def end(self) -> None:
        """Kill the tree: bubblewrap's end takes its pid namespace along (--die-with-parent)."""
        self.control.close()
        self.process.kill()
        self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()

    def _await_ready(self) -> None:
        self.control.settimeout(_START_SECONDS)
        said = b""
        with contextlib.suppress(OSError):
            said = self.control.recv(len(READY))
        self.control.settimeout(None)
        if said != READY:
            raise CageUnavailable(self._last_words())

    def _last_words(self) -> str:
        self.process.kill()
        _, errors = self.process.communicate()
        self.control.close()
        lines = errors.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"the zygote ended with exit code {self.process.returncode}"


def _command(isolation: Isolation, control: int, store: Path, incoming: Path, libraries: Path | None) -> list[str]:
    if isolation is Isolation.NAMESPACES:
        return _bubblewrapped(control, store, incoming, libraries)
    setting = Setting(
        isolation=isolation,
        control=control,
        readable=tuple(str(bind.source) for bind in [*view.system(), *view.python(), *view.packages(), *view.code()]),
        bpf=_bpf(isolation),
        libraries=str(libraries) if libraries else None,
    )
    return bubblewrap.zygote(Path(sys.executable), [Path(entry).absolute() for entry in sys.path], setting.dump())


def _bubblewrapped(control: int, store: Path, incoming: Path, libraries: Path | None) -> list[str]:
    executable = shutil.which("bwrap")
    if executable is None:
        raise CageUnavailable("bubblewrap is not installed (Debian: apt install bubblewrap)")
    setting = Setting(
        isolation=Isolation.NAMESPACES,
        control=control,
        readable=("/",),
        bpf=_bpf(Isolation.NAMESPACES),
        libraries=str(places.LIBRARIES) if libraries else None,
    )
    binds = view.everything(store, incoming, libraries)
    build = launcher.command if os.geteuid() == 0 else bubblewrap.command
    return build(executable, binds, setting.dump())


def _bpf(isolation: Isolation) -> bytes:
    if isolation is Isolation.NOTHING:
        return b""
    try:
        return syscalls.compiled()
    except (OSError, RuntimeError) as error:
        raise CageUnavailable(f"libseccomp is not usable (Debian: apt install libseccomp2): {error}") from error
