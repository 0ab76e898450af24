"""Ten thousand caged runs in a row: nothing grows. `make soak`; SOAK_RUNS changes the number.

Some runs are canceled, some crash, some time out, as in life. Memory, descriptors, mounts and processes are compared
between the first tenth and the end; the exit code is 1 if any of them grew.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import memory
from simulations.fmi.cage.door import Cage, CageConfig
from simulations.fmi.check import resolve
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits, Limits
from simulations.tests.hostile.workshop import Workshop

RUNS = int(os.environ.get("SOAK_RUNS", "10000"))
SAMPLE = Path(__file__).parents[1] / "simulations" / "samples" / "BouncingBall.fmu"
SMALL = Experiment(stop_time=1.0, output_interval=0.01)
SLACK = 4 << 20  # the allocator's own ups and downs


@dataclass(frozen=True, slots=True)
class Footprint:
    """Of this process and of the zygote."""

    worker_bytes: int
    zygote_bytes: int
    descriptors: int
    mounts: int
    folders: int

    @classmethod
    def take(cls, cage: Cage, store: Path) -> Footprint:
        here, zygote = psutil.Process(), memory.zygote(cage)
        return cls(
            worker_bytes=here.memory_info().rss,
            zygote_bytes=zygote.memory_info().rss,
            descriptors=here.num_fds() + zygote.num_fds(),
            mounts=memory.mounts(here) + memory.mounts(zygote),
            folders=sum(1 for _ in store.iterdir()),
        )

    def grew(self, since: Footprint) -> list[str]:
        """The names of what is larger than before."""
        slack = {"worker_bytes": SLACK, "zygote_bytes": SLACK}
        return [name for name in self.__slots__ if getattr(self, name) > getattr(since, name) + slack.get(name, 0)]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        # Never recycled, so that growth of the zygote itself would show.
        with Cage.start(CageConfig(store=store, recycle_after=RUNS * 2)) as cage:
            first, last = _soak(cage, store, Path(folder))
    print(f"after a tenth {first}\nat the end    {last}")
    grown = last.grew(first)
    print(f"grew: {', '.join(grown) or 'nothing'}")
    sys.exit(bool(grown))


def _soak(cage: Cage, store: Path, folder: Path) -> tuple[Footprint, Footprint]:
    good, bad = _taken_in(cage, SAMPLE), _taken_in(cage, Workshop(folder).fmu("crashes.c", "segfaults"))
    first, started = None, time.monotonic()
    for number in range(1, RUNS + 1):
        _one(cage, bad if number % 10 == 0 else good, cancel=number % 25 == 0, expect_error=number % 10 == 0)
        if number == max(1, RUNS // 10):
            first = Footprint.take(cage, store)
        if number % 1000 == 0:
            print(f"{number:6} runs, {number / (time.monotonic() - started):.0f} a second", flush=True)
    return first or Footprint.take(cage, store), Footprint.take(cage, store)


def _taken_in(cage: Cage, archive: Path) -> tuple[str, Inspection]:
    sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
    return sha256, cage.intake(archive, sha256=sha256, limits=IntakeLimits())


def _one(cage: Cage, fmu: tuple[str, Inspection], *, cancel: bool, expect_error: bool) -> None:
    sha256, inspection = fmu
    experiment = resolve(inspection, SMALL if not expect_error else Experiment(), Limits())
    (outcome,) = cage.run(
        sha256, [experiment], inspection=inspection, limits=Limits(wall_seconds=20), should_stop=lambda: cancel
    )
    if outcome.error is not None and outcome.error.code not in {"fmu_crashed", "canceled"}:
        raise outcome.error
    if expect_error and outcome.error is None:
        raise AssertionError("A crash went unnoticed.")


if __name__ == "__main__":
    main()
