"""Archives at their worst: each is refused with its own code, and leaves nothing in the store."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from simulations.fmi.errors import IntakeRefused
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits
from simulations.tests.hostile import archives
from simulations.tests.hostile.range import SAMPLE, Range
from simulations.tests.hostile.workshop import DESCRIPTION

LIMITS = IntakeLimits(wall_seconds=20, cpu_seconds=10)


def take_in(grounds: Range, folder: Path, data: bytes, limits: IntakeLimits = LIMITS) -> Inspection:
    archive = folder / "hostile.fmu"
    archive.write_bytes(data)
    return grounds.cage.intake(archive, sha256=hashlib.sha256(data).hexdigest(), limits=limits)


@pytest.mark.parametrize("name", archives.REFUSED)
def test_archive_is_refused_with_its_code_and_leaves_nothing(
    grounds: Range, store: Path, tmp_path: Path, name: str
) -> None:
    code, make = archives.REFUSED[name]
    before = sorted(path.name for path in store.iterdir())
    with pytest.raises(IntakeRefused) as refusal:
        take_in(grounds, tmp_path, make())
    assert refusal.value.code == code
    assert sorted(path.name for path in store.iterdir()) == before
    assert list((store / ".incoming").iterdir()) == []
    assert grounds.run(SAMPLE).error is None


def test_archive_beyond_the_size_is_refused_unread(grounds: Range, tmp_path: Path) -> None:
    with pytest.raises(IntakeRefused, match="larger than 0 MiB"):
        take_in(grounds, tmp_path, archives.archive(), IntakeLimits(archive_bytes=100))


def test_reader_that_needs_too_much_memory_is_stopped(grounds: Range, tmp_path: Path) -> None:
    bloated = archives.archive(description=b"<fmiModelDescription>" + b"<a/>" * 5_000_000 + b"</fmiModelDescription>")
    with pytest.raises(IntakeRefused) as refusal:
        take_in(grounds, tmp_path, bloated, IntakeLimits(memory_bytes=64 << 20))
    assert refusal.value.code == "too_much_memory"


def test_backslashes_of_a_windows_exporter_are_folders(grounds: Range, store: Path, tmp_path: Path) -> None:
    data = archives.archive({"resources\\tables\\a.txt": b"42"})
    take_in(grounds, tmp_path, data)
    folder = store / hashlib.sha256(data).hexdigest()
    assert (folder / "resources" / "tables" / "a.txt").read_bytes() == b"42"


def test_archive_with_a_prefix_is_read(grounds: Range, tmp_path: Path) -> None:
    assert take_in(grounds, tmp_path, b"#!/bin/sh\n" + archives.archive()).model_name == "hostile"


def test_absurd_default_experiment_is_told_and_harms_nobody(grounds: Range, tmp_path: Path) -> None:
    absurd = DESCRIPTION.replace('stopTime="1" stepSize="0.25"', 'stopTime="1e300" stepSize="1e-300"')
    inspection = take_in(grounds, tmp_path, archives.archive(description=absurd.encode()))
    assert inspection.default_experiment.stop_time == 1e300
