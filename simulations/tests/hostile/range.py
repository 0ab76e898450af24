"""Where FMUs are let loose: a cage that takes them in and runs them, and counts its processes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fmugateway.testing.processes import below
from simulations.fmi.cage.door import Cage
from simulations.fmi.check import resolve
from simulations.fmi.experiment import Experiment, Outcome
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits, Limits

SAMPLE = Path(__file__).parents[2] / "samples" / "BouncingBall.fmu"
AT_REST = 2
LIMITS = Limits(wall_seconds=20, cpu_seconds=10, memory_bytes=256 << 20, values=100_000, scratch_bytes=32 << 20)


@dataclass(frozen=True, slots=True)
class Range:
    """Where hostile FMUs are let loose. inspections: of the archives taken in so far."""

    cage: Cage
    inspections: dict[str, Inspection] = field(default_factory=dict)

    def run(
        self,
        archive: Path,
        experiment: Experiment | None = None,
        *,
        limits: Limits = LIMITS,
        on_progress: Callable[[float], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> Outcome:
        """Take an archive in and run it once."""
        sha256 = self.take_in(archive)
        resolved = resolve(self.inspections[sha256], experiment or Experiment(), limits)
        inspection = self.inspections[sha256]
        return self.cage.run(
            sha256, [resolved], inspection=inspection, limits=limits, on_progress=on_progress, should_stop=should_stop
        )[0]

    def take_in(self, archive: Path) -> str:
        sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
        if sha256 not in self.inspections:
            self.inspections[sha256] = self.cage.intake(archive, sha256=sha256, limits=IntakeLimits())
        return sha256

    def counts_memory(self) -> bool:
        """Whether this machine lets us make a control group for memory."""
        return self.cage._cell.groups.limits_memory

    def processes(self) -> int:
        """How many processes live below the cage's own; two at rest: the pid 1 of bubblewrap and the zygote."""
        return len(self.pids())

    def pids(self) -> list[int]:
        zygote = self.cage._cell.zygote
        return below(zygote.process.pid) if zygote else []

    def settles(self) -> bool:
        """Whether nothing is left of the last job. A warden reports just before it ends, so give it the moment."""
        deadline = time.monotonic() + 5
        while self.processes() > AT_REST and time.monotonic() < deadline:
            time.sleep(0.005)
        return self.processes() <= AT_REST
