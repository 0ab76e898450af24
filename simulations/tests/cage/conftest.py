"""A cage of its own for each test that breaks one, and one for all that do not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulations.fmi.cage.door import Cage, CageConfig, CageLevel
from simulations.tests.hostile import canaries
from simulations.tests.hostile.range import Range
from simulations.tests.hostile.workshop import Workshop


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("workshop"))


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Range]:
    with Cage.start(CageConfig(store=tmp_path_factory.mktemp("cage") / "store")) as cage:
        yield Range(cage)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Range]:
    """For a test that kills what it gets."""
    with Cage.start(CageConfig(store=tmp_path / "a store with spaces", recycle_after=3)) as cage:
        yield Range(cage)


@pytest.fixture(scope="session")
def reduced() -> Iterator[Range]:
    """What plain Docker gives. Each job is another user, so its store does not lie in pytest's private folder."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        config = CageConfig(store=Path(folder) / "store", allow_reduced=True, best=CageLevel.REDUCED)
        with Cage.start(config) as cage:
            yield Range(cage)


@pytest.fixture(scope="session")
def traps_nearby(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """A workshop whose attackers know where the canaries are."""
    folder = tmp_path_factory.mktemp("canaries") / "open"
    with canaries.laid_out(folder, store=folder, other_fmu="") as laid_out:
        yield Workshop(tmp_path_factory.mktemp("workshop"), laid_out.header())
        assert laid_out.touched() == []
