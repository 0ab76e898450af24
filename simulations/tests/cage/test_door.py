"""What the door promises to trusted code."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simulations.fmi.cage import orders
from simulations.fmi.cage.door import Cage, CageConfig
from simulations.fmi.check import resolve
from simulations.fmi.experiment import Experiment
from simulations.fmi.limits import IntakeLimits, Limits
from simulations.fmi.runner import binaries
from simulations.fmi.runner.execute import execute
from simulations.tests.hostile.range import LIMITS, SAMPLE, Range
from simulations.tests.hostile.workshop import Workshop

LONG = Experiment(stop_time=1000.0, output_interval=0.25)


def test_result_is_the_one_of_the_engine_to_the_last_bit(grounds: Range, tmp_path: Path) -> None:
    sha256 = grounds.take_in(SAMPLE)
    inspection = grounds.inspections[sha256]
    experiment = resolve(inspection, Experiment(), LIMITS)
    folder = grounds.cage._cell.plan.store / sha256
    expected = execute(folder, experiment, inspection, LIMITS, scratch=tmp_path, progress=lambda share: None).result
    outcome = grounds.run(SAMPLE)
    assert outcome.result is not None
    assert outcome.result.columns == expected.columns
    for name in expected.data.dtype.names or ():
        np.testing.assert_array_equal(outcome.result.data[name], expected.data[name])


def test_a_list_of_experiments_gives_a_list_of_outcomes_in_order(grounds: Range) -> None:
    sha256 = grounds.take_in(SAMPLE)
    inspection = grounds.inspections[sha256]
    ends = [1.0, 2.0, 3.0]
    experiments = [resolve(inspection, Experiment(stop_time=end), LIMITS) for end in ends]
    outcomes = grounds.cage.run(sha256, experiments, inspection=inspection, limits=LIMITS)
    assert [outcome.result and outcome.result.data["time"][-1] for outcome in outcomes] == ends


def test_metrics_are_measured_outside(grounds: Range) -> None:
    metrics = grounds.run(SAMPLE).metrics
    assert 0 < metrics.cpu_seconds <= metrics.run_seconds + 1
    assert 10 << 20 < metrics.peak_memory_bytes < 1 << 30


def test_progress_grows_and_is_heard_at_most_ten_times_a_second(workshop: Workshop, grounds: Range) -> None:
    heard: list[float] = []
    limits = replace(LIMITS, wall_seconds=1)
    outcome = grounds.run(workshop.fmu("honest.c", "naps"), LONG, limits=limits, on_progress=heard.append)
    assert 0 < len(heard) <= 20
    assert heard == sorted(heard)
    assert outcome.metrics.run_seconds < 10


def test_run_out_of_time_keeps_the_part_that_it_reached(workshop: Workshop, grounds: Range) -> None:
    outcome = grounds.run(workshop.fmu("honest.c", "naps"), LONG, limits=replace(LIMITS, wall_seconds=0.5))
    assert outcome.error is not None
    assert outcome.error.code == "timeout"
    assert outcome.result is not None
    assert not outcome.result.complete
    assert 0 < outcome.result.data["time"][-1] < LONG.stop_time


@pytest.mark.parametrize(("how", "code"), [("naps_then_hangs", "timeout"), ("naps_then_crashes", "fmu_crashed")])
def test_fmu_that_cannot_be_asked_any_more_leaves_its_rows(
    workshop: Workshop, grounds: Range, how: str, code: str
) -> None:
    outcome = grounds.run(workshop.fmu("honest.c", how), LONG, limits=replace(LIMITS, wall_seconds=2))
    assert outcome.error is not None
    assert outcome.error.code == code
    assert outcome.result is not None
    assert not outcome.result.complete
    assert len(outcome.result.data) > 10


def test_run_is_canceled_when_somebody_asks(workshop: Workshop, grounds: Range) -> None:
    outcome = grounds.run(workshop.fmu("endless.c", "spin_deaf"), should_stop=lambda: True)
    assert outcome.error is not None
    assert outcome.error.code == "canceled"
    assert grounds.settles()


def test_fmu_that_was_never_taken_in_is_not_run(grounds: Range) -> None:
    inspection = grounds.inspections[grounds.take_in(SAMPLE)]
    with pytest.raises(FileNotFoundError, match="take it in first"):
        grounds.cage.run("0" * 64, [Experiment()], inspection=inspection, limits=LIMITS)


@pytest.mark.parametrize("name", ["", "..", "../../etc", "A" * 64, "0" * 63, "0" * 64 + "/.."])
def test_only_a_digest_names_an_fmu(grounds: Range, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256 digest"):
        grounds.cage.holds(name)


def test_same_archive_may_be_taken_in_again(grounds: Range) -> None:
    sha256 = hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    first, second = (grounds.cage.intake(SAMPLE, sha256=sha256, limits=IntakeLimits()) for _ in range(2))
    assert first == second
    assert grounds.cage.holds(sha256)


def test_two_cages_share_a_store_at_the_same_time(tmp_path: Path) -> None:
    sha256 = hashlib.sha256(SAMPLE.read_bytes()).hexdigest()

    def work(_: int) -> list[object]:
        with Cage.start(CageConfig(store=tmp_path / "store")) as cage:
            grounds = Range(cage)
            return [outcome.error and outcome.error.code for outcome in (grounds.run(SAMPLE) for _ in range(5))]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, range(2))) == [[None] * 5] * 2
    assert (tmp_path / "store" / sha256).is_dir()


def test_runs_leave_no_descriptor_open(grounds: Range) -> None:
    grounds.run(SAMPLE)
    before = _open_descriptors()
    for _ in range(20):
        grounds.run(SAMPLE)
    assert _open_descriptors() == before


def _open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_closing_ends_every_process(tmp_path: Path) -> None:
    with Cage.start(CageConfig(store=tmp_path / "store")) as cage:
        zygote = cage._cell.zygote
        groups = cage._cell.groups.groups
        assert zygote is not None
        assert Range(cage).processes() > 0
    assert zygote.process.poll() is not None
    assert not any(group.folder.exists() for group in groups)


def test_limits_of_one_run_do_not_stick_to_the_next(workshop: Workshop, grounds: Range) -> None:
    greedy = workshop.fmu("honest.c", "fills_half_its_memory")
    tight = grounds.run(greedy, limits=Limits(memory_bytes=64 << 20))
    assert tight.error is not None
    assert tight.error.code == "memory_limit"
    assert grounds.run(greedy).error is None


def test_cage_and_engine_agree_where_built_libraries_lie() -> None:
    assert orders.BUILT == binaries.BUILT
