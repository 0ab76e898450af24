"""A zygote that dies, hangs or grows old is replaced, and nobody is blamed for it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulations.fmi.cage import collect
from simulations.fmi.cage.cell import Cell
from simulations.fmi.cage.decode import Expected
from simulations.fmi.cage.door import Cage, CageConfig, CageUnavailable
from simulations.fmi.cage.job import Kind
from simulations.fmi.cage.plan import Plan
from simulations.fmi.cage.request import Answer, Request
from simulations.fmi.cage.setting import Isolation
from simulations.fmi.cage.warm import Zygote
from simulations.fmi.errors import SandboxError
from simulations.fmi.experiment import Experiment
from simulations.tests.hostile.range import LIMITS, SAMPLE, Range
from simulations.tests.hostile.workshop import Workshop


def pid_of(grounds: Range) -> int:
    zygote = grounds.cage._cell.zygote
    assert zygote is not None
    return zygote.process.pid


def test_dead_zygote_is_replaced_before_a_run(fresh: Range) -> None:
    fresh.take_in(SAMPLE)
    os.kill(pid_of(fresh), signal.SIGKILL)
    assert fresh.run(SAMPLE).error is None


def test_run_is_repeated_when_its_zygote_dies_under_it(fresh: Range, workshop: Workshop) -> None:
    """Killed at the first sign of progress, so while the FMU runs."""
    fmu = workshop.fmu("honest.c", "naps")
    fresh.take_in(fmu)
    killed: list[int] = []

    def kill(_: float) -> None:
        if not killed:
            killed.append(pid_of(fresh))
            os.kill(killed[0], signal.SIGKILL)

    outcome = fresh.run(fmu, Experiment(stop_time=5.0), on_progress=kill)
    assert outcome.error is None
    assert killed
    assert pid_of(fresh) != killed[0]


def test_hung_zygote_is_replaced(fresh: Range, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collect, "_START_SECONDS", 0.2)
    fresh.take_in(SAMPLE)
    before = pid_of(fresh)
    assert fresh.settles()
    for child in fresh.pids():
        os.kill(child, signal.SIGSTOP)
    assert fresh.run(SAMPLE).error is None
    assert pid_of(fresh) != before


def test_old_zygote_makes_room_for_a_new_one(fresh: Range) -> None:
    fresh.take_in(SAMPLE)
    pids = [pid_of(fresh) for _ in range(6) if fresh.run(SAMPLE).error is None]
    assert len(pids) == 6
    assert len(set(pids)) >= 2


@pytest.fixture
def lasting(tmp_path: Path) -> Iterator[Range]:
    """Twenty jobs a zygote: its successor begins two before the last."""
    with Cage.start(CageConfig(store=tmp_path / "store", recycle_after=20)) as cage:
        yield Range(cage)


def grow_old(grounds: Range) -> int:
    """Jobs until there is a successor; its pid."""
    cell = grounds.cage._cell
    grounds.take_in(SAMPLE)
    while cell.successor is None:
        assert grounds.run(SAMPLE).error is None
    return cell.successor.process.pid


def test_successor_is_ready_before_a_zygote_is_old(lasting: Range) -> None:
    first, successor = pid_of(lasting), grow_old(lasting)
    pids = [pid_of(lasting) for _ in range(5) if lasting.run(SAMPLE).error is None]
    assert set(pids) == {first, successor}
    assert pids[-1] == successor


def test_successor_that_died_is_replaced(lasting: Range) -> None:
    os.kill(grow_old(lasting), signal.SIGKILL)
    assert all(lasting.run(SAMPLE).error is None for _ in range(5))


def test_successor_ends_with_its_cage(lasting: Range) -> None:
    with os.fdopen(os.pidfd_open(grow_old(lasting)), "rb") as successor:
        lasting.cage.close()
        assert select.select([successor], [], [], 10)[0]


def test_failed_set_up_is_ours_and_tried_twice(fresh: Range) -> None:
    request = Request(
        kind=Kind.RUN,
        folder="not-there",
        payload={},
        limits=LIMITS,
        expected=Expected(),
    )
    before = pid_of(fresh)
    answer = fresh.cage._cell.perform(request)
    assert answer.error is not None
    assert answer.error.code == "sandbox_error"
    assert "mount" in answer.error.message
    assert pid_of(fresh) != before
    assert fresh.run(SAMPLE).error is None


def test_intake_is_repeated_in_an_empty_folder(fresh: Range, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first attempt leaves half an FMU behind and then loses its zygote."""
    cell = fresh.cage._cell
    attempt, seen = Cell._attempt, []

    def lose_the_first(self: Cell, request: Request) -> Answer:
        folder = self.plan.incoming / request.folder
        seen.append(sorted(path.name for path in folder.iterdir()))
        answer = attempt(self, request)
        if len(seen) == 1:
            answer = Answer(answer.collected, SandboxError("lost"))
        return answer

    monkeypatch.setattr(Cell, "_attempt", lose_the_first)
    sha256 = fresh.take_in(SAMPLE)
    assert seen == [[], []]
    assert (cell.plan.store / sha256 / "modelDescription.xml").is_file()


def test_zygote_that_cannot_start_says_why(tmp_path: Path) -> None:
    plan = Plan(isolation=Isolation.NAMESPACES, store=tmp_path / "not there")
    with pytest.raises(CageUnavailable, match="not there"):
        Zygote.start(plan).await_ready()


def test_missing_bubblewrap_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CageUnavailable, match="apt install bubblewrap"):
        Cell.open(Plan(isolation=Isolation.NAMESPACES, store=tmp_path), recycle_after=1)


WORKER = """
import sys
from pathlib import Path
from simulations.fmi.cage.door import Cage, CageConfig
cage = Cage.start(CageConfig(store=Path(sys.argv[1])))
print(cage._cell.zygote.process.pid, flush=True)
sys.stdin.read()
"""


def test_worker_that_dies_takes_its_cage_along(tmp_path: Path) -> None:
    """--die-with-parent and PR_SET_PDEATHSIG, all the way down."""
    command = [sys.executable, "-c", WORKER, str(tmp_path / "store")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        with os.fdopen(os.pidfd_open(int(worker.stdout.readline())), "rb") as zygote:
            worker.kill()
            assert select.select([zygote], [], [], 10)[0]


def test_config_default_is_full_only(tmp_path: Path) -> None:
    assert CageConfig(store=tmp_path).acceptable() == ["FULL"]
