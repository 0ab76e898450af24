"""One cage, one workshop and one set of canaries for all hostile FMUs."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from simulations.fmi.cage.door import Cage, CageConfig
from simulations.fmi.check import resolve
from simulations.fmi.experiment import Experiment, Outcome
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits, Limits
from simulations.tests.hostile import canaries
from simulations.tests.hostile.canaries import Canaries
from simulations.tests.hostile.workshop import Workshop

SAMPLE = Path(__file__).parents[2] / "samples" / "BouncingBall.fmu"
AT_REST = 2
LIMITS = Limits(wall_seconds=20, cpu_seconds=10, memory_bytes=256 << 20, values=100_000, scratch_bytes=32 << 20)


@dataclass(frozen=True, slots=True)
class Range:
    """Where hostile FMUs are let loose. inspections: of the archives taken in so far."""

    cage: Cage
    inspections: dict[str, Inspection] = field(default_factory=dict)

    def run(self, archive: Path, experiment: Experiment | None = None, *, limits: Limits = LIMITS) -> Outcome:
        """Take an archive in and run it once."""
        sha256 = self.take_in(archive)
        resolved = resolve(self.inspections[sha256], experiment or Experiment(), limits)
        return self.cage.run(sha256, [resolved], inspection=self.inspections[sha256], limits=limits)[0]

    def take_in(self, archive: Path) -> str:
        sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
        if sha256 not in self.inspections:
            self.inspections[sha256] = self.cage.intake(archive, sha256=sha256, limits=IntakeLimits())
        return sha256

    def processes(self) -> int:
        """How many processes live below the cage's own; two at rest: the pid 1 of bubblewrap and the zygote."""
        zygote = self.cage._cell.zygote
        return len(_descendants(zygote.process.pid)) if zygote else 0


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "store"


@pytest.fixture(scope="session")
def grounds(store: Path) -> Iterator[Range]:
    os.environ["FMU_CANARY"] = "a secret of the server"
    with Cage.start(CageConfig(store=store)) as cage:
        yield Range(cage)
    del os.environ["FMU_CANARY"]


@pytest.fixture(scope="session")
def traps(grounds: Range, store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canaries]:
    """Canaries, one of them another user's FMU in the same store."""
    folder = tmp_path_factory.mktemp("canaries") / "open"
    with canaries.laid_out(folder, store=store, other_fmu=grounds.take_in(SAMPLE)) as laid_out:
        yield laid_out


@pytest.fixture(scope="session")
def workshop(traps: Canaries, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("workshop"), traps.header())


@pytest.fixture
def contained(grounds: Range, traps: Canaries) -> Iterator[Callable[[Path], Outcome]]:
    """Runs an FMU; afterwards the next run is healthy, no process is left, no canary was touched."""

    def run(archive: Path, **options: Limits) -> Outcome:
        return grounds.run(archive, **options)

    yield run
    assert _settles(grounds)
    healthy = grounds.run(SAMPLE)
    assert healthy.error is None
    assert healthy.result is not None
    assert traps.touched() == []


def _settles(grounds: Range) -> bool:
    """A warden reports just before it ends, so give it the moment."""
    deadline = time.monotonic() + 5
    while grounds.processes() > AT_REST and time.monotonic() < deadline:
        time.sleep(0.005)
    return grounds.processes() <= AT_REST


def _descendants(root: int) -> list[int]:
    children = [child for task in _tasks(root) for child in map(int, task.read_text().split())]
    return children + [below for child in children for below in _descendants(child)]


def _tasks(pid: int) -> list[Path]:
    return list(Path(f"/proc/{pid}/task").glob("*/children"))
