"""One cage, one workshop and one set of canaries for all hostile FMUs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulations.fmi.cage.door import Cage, CageConfig
from simulations.fmi.experiment import Outcome
from simulations.fmi.limits import Limits
from simulations.tests.hostile import canaries
from simulations.tests.hostile.canaries import Canaries
from simulations.tests.hostile.range import LIMITS, SAMPLE, Range
from simulations.tests.hostile.workshop import Workshop


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

    def run(archive: Path, *, limits: Limits = LIMITS) -> Outcome:
        return grounds.run(archive, limits=limits)

    yield run
    assert grounds.settles()
    healthy = grounds.run(SAMPLE)
    assert healthy.error is None
    assert healthy.result is not None
    assert traps.touched() == []
