"""How fast the cage is: caged runs against FMPy in this process, within one run of this script.

Prints medians and ratios, and exits with 1 when a number of issue size is missed: <= 20 ms and <= 12x FMPy for a small
FMU, zygote <= 90 MB, two slots >= 100 runs a second on two cores.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import fmpy

from benchmarks import memory
from fmugateway.testing import processes
from simulations.fmi.cage.door import Cage, CageConfig
from simulations.fmi.check import resolve
from simulations.fmi.experiment import Experiment
from simulations.fmi.limits import IntakeLimits, Limits

SAMPLE = Path(__file__).parents[1] / "simulations" / "samples" / "BouncingBall.fmu"
SMALL = Experiment(stop_time=1.0, output_interval=0.01)
RUNS = 200
SECONDS = 5.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        caged, zygote_bytes = _caged(store)
        in_process = _median(_fmpy(store))
        rate = _two_slots(store)
    print(f"caged run        {caged * 1e3:7.1f} ms median")
    print(f"FMPy in process  {in_process * 1e3:7.1f} ms median, so {caged / in_process:.1f}x")
    print(f"zygote           {zygote_bytes / 1e6:7.1f} MB")
    print(f"two slots        {rate:7.1f} runs a second")
    sys.exit(not (caged <= 0.020 and caged <= 12 * in_process and zygote_bytes <= 90e6 and rate >= 100))


def _caged(store: Path) -> tuple[float, int]:
    """The median time of a run, and what the zygote's process holds."""
    with Cage.start(CageConfig(store=store, recycle_after=10 * RUNS)) as cage:
        median = _median(_runner(cage))
        return median, processes.memory_bytes([memory.zygote(cage).pid])


def _runner(cage: Cage) -> Callable[[], None]:
    sha256 = hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    inspection = cage.intake(SAMPLE, sha256=sha256, limits=IntakeLimits())
    experiment = resolve(inspection, SMALL, Limits())

    def run() -> None:
        (outcome,) = cage.run(sha256, [experiment], inspection=inspection, limits=Limits())
        if outcome.error is not None:
            raise outcome.error

    return run


def _fmpy(store: Path) -> Callable[[], None]:
    """What a caller without a cage would do: FMPy on the same unpacked FMU, reading its description each time."""
    folder = str(store / hashlib.sha256(SAMPLE.read_bytes()).hexdigest())

    def run() -> None:
        fmpy.simulate_fmu(folder, stop_time=1.0, output_interval=0.01, validate=False)

    return run


def _median(act: Callable[[], None]) -> float:
    act()
    return statistics.median(_timed(act) for _ in range(RUNS))


def _timed(act: Callable[[], None]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _two_slots(store: Path) -> float:
    """Runs a second of two cages in two processes, each for the same seconds."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return sum(pool.map(_rate, [store, store]))


def _rate(store: Path) -> float:
    with Cage.start(CageConfig(store=store)) as cage:
        run = _runner(cage)
        run()
        runs, started = 0, time.perf_counter()
        while time.perf_counter() - started < SECONDS:
            run()
            runs += 1
        return runs / (time.perf_counter() - started)


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
