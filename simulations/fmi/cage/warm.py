"""A zygote from outside: start one, hand it a job, end it."""

from __future__ import annotations

import contextlib
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from simulations.fmi.cage.job import Job
from simulations.fmi.cage.plan import CageUnavailable, Plan
from simulations.fmi.cage.report import READY

_START_SECONDS = 60.0


@dataclass(slots=True)
class Zygote:
    """One warm process tree. jobs counts what it has been given, for recycling."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    jobs: int = 0

    @classmethod
    def start(cls, plan: Plan) -> Self:
        """A zygote that is not ready yet: see await_ready."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = subprocess.Popen(
                plan.command(theirs.fileno()),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=plan.environment(),
                cwd="/",
            )
        return cls(process, ours)

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

    def await_ready(self) -> None:
        """Hear that it is. Raises CageUnavailable with what it said instead."""
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
