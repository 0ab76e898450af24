"""From a request to the job that a warden carries out: paths as seen inside, and bounds with room for ourselves."""

from __future__ import annotations

import math
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from simulations.fmi.cage import launcher, places
from simulations.fmi.cage.job import Job, Kind
from simulations.fmi.cage.plan import Plan
from simulations.fmi.cage.request import Request
from simulations.fmi.cage.setting import Isolation
from simulations.fmi.limits import IntakeLimits

BUILT = ".built"  # below an FMU: what was compiled from its sources
# The warden waits a little longer than the limit, so that an FMU that steps can still hand over what it reached.
HARD_SECONDS = 0.5
# Address space of Python, numpy and FMPy themselves, and of threads' stacks and arenas, mapped but hardly touched.
_OWN_ADDRESS_SPACE = 1 << 30
# Where a control group counts touched memory, address space is only bounded against the absurd.
_SPARE_ADDRESS_SPACE = 16 << 30
# A file that grows beyond the scratch folder's size must meet its own limit first: SIGXFSZ names the cause.
_SPARE_SCRATCH = 1 << 20
_UIDS = range(20_000, 40_000)
_WRITER = 40_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Orders:
    """Where the jobs of one cell run. counts_memory: whether a control group holds the memory limit."""

    plan: Plan
    counts_memory: bool

    def job(self, request: Request, *, scratch: str, files: tuple[str, ...]) -> Job:
        limits = request.limits
        return Job(
            kind=request.kind,
            folder=request.folder,
            fmu=str(self._fmu(request)),
            scratch=scratch,
            output=self._output(request),
            wall_seconds=limits.wall_seconds + HARD_SECONDS,
            cpu_seconds=math.ceil(limits.cpu_seconds) + 1,
            address_space=limits.memory_bytes + (_SPARE_ADDRESS_SPACE if self.counts_memory else _OWN_ADDRESS_SPACE),
            file_bytes=limits.unpacked_bytes if isinstance(limits, IntakeLimits) else limits.scratch_bytes,
            scratch_bytes=limits.scratch_bytes + _SPARE_SCRATCH,
            uid=self._uid(request),
            files=files,
        )

    def _fmu(self, request: Request) -> Path:
        if self.plan.isolation is Isolation.NAMESPACES:
            return places.FMU
        parent = self.plan.incoming if request.kind in {Kind.INTAKE, Kind.BUILD} else self.plan.store
        return parent / request.folder

    def _output(self, request: Request) -> str | None:
        fmu = self._fmu(request)
        return {Kind.INTAKE: str(fmu), Kind.BUILD: str(fmu / BUILT)}.get(request.kind)

    def _uid(self, request: Request) -> int | None:
        """Where no namespace separates them, each job is a user of its own; those with output own what they write."""
        if self.plan.isolation is not Isolation.LANDLOCK or os.geteuid() != 0:
            return None
        return writer(self.plan) if self._output(request) else secrets.choice(_UIDS)


def writer(plan: Plan) -> int:
    """The user that jobs with output are, where the worker is root."""
    return launcher.UID if plan.isolation is Isolation.NAMESPACES else _WRITER
