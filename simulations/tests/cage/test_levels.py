"""The level is what the attacks did not get through."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from simulations.fmi.cage.door import Cage, CageConfig, CageLevel, CageUnavailable
from simulations.fmi.cage.inside import probes
from simulations.fmi.cage.selftest import Findings
from simulations.tests.hostile.range import SAMPLE, Range
from simulations.tests.hostile.workshop import Workshop


def test_full_cage_stops_every_attack(grounds: Range) -> None:
    assert grounds.cage.level is CageLevel.FULL
    assert set(grounds.cage.findings.attacks) == {*probes.ATTACKS, "forbidden_call"}
    assert grounds.cage.findings.succeeded() == []
    assert all(layer.holds for layer in grounds.cage.layers() if layer.name != "cgroups")


def test_reduced_cage_only_lets_them_look(reduced: Range) -> None:
    assert reduced.cage.level is CageLevel.REDUCED
    assert reduced.cage.findings.succeeded(but=probes.ONLY_LOOKING) == []


def test_without_walls_every_attack_comes_through(tmp_path: Path) -> None:
    """So none of them is a dud."""
    with Cage.start(CageConfig(store=tmp_path / "store", allow_none=True, best=CageLevel.NONE)) as cage:
        stopped = {name for name, got in cage.findings.attacks.items() if not got}
        assert cage.level is CageLevel.NONE
    assert stopped <= {"environment", "exhaust_memory", "become_root"}  # a clean start and rlimits need no wall


@pytest.mark.parametrize("best", [CageLevel.REDUCED, CageLevel.NONE])
def test_less_than_full_is_refused_unless_allowed(tmp_path: Path, best: CageLevel) -> None:
    with pytest.raises(CageUnavailable, match="less than this server accepts"):
        Cage.start(CageConfig(store=tmp_path / "store", best=best))


@pytest.mark.parametrize(
    ("attacks", "level"),
    [
        ({"read_file": "", "see_file": ""}, CageLevel.FULL),
        ({"read_file": "", "see_file": "sees"}, CageLevel.REDUCED),
        ({"read_file": "read", "see_file": ""}, CageLevel.NONE),
    ],
)
def test_level_follows_from_what_came_through(attacks: dict[str, str], level: CageLevel) -> None:
    assert Findings(attacks).level is level


def test_self_test_that_cannot_be_done_is_no_level_at_all() -> None:
    assert Findings({}, broken="the attackers did not report").level is CageLevel.NONE


@pytest.mark.parametrize(
    ("source", "attack"),
    [
        ("files.c", "read_passwd"),
        ("files.c", "read_environment"),
        ("files.c", "write_own_folder"),
        ("network.c", "tcp"),
        ("network.c", "unix_abstract"),
        ("processes.c", "forks"),
        ("processes.c", "execs"),
        ("processes.c", "kills_everybody"),
        ("processes.c", "kills_the_server"),
        ("kernel.c", "becomes_root"),
    ],
)
def test_reduced_cage_sends_attacks_home_with_empty_hands(
    reduced: Range, traps_nearby: Workshop, source: str, attack: str
) -> None:
    outcome = reduced.run(traps_nearby.fmu(source, attack))
    assert outcome.error is None, outcome.error
    assert outcome.result is not None
    assert outcome.result.data["loot"][-1] == 0


@pytest.mark.parametrize(
    ("source", "attack", "code"),
    [
        ("kernel.c", "mounts", "forbidden_system_call"),
        ("kernel.c", "unshares", "forbidden_system_call"),
        ("processes.c", "reads_memory", "forbidden_system_call"),
        ("crashes.c", "segfaults", "fmu_crashed"),
        ("files.c", "huge_file", "output_limit"),
        ("memory.c", "touches_all", "memory_limit"),
    ],
)
def test_reduced_cage_ends_what_goes_too_far(
    reduced: Range, traps_nearby: Workshop, source: str, attack: str, code: str
) -> None:
    outcome = reduced.run(traps_nearby.fmu(source, attack))
    assert outcome.error is not None
    assert outcome.error.code == code, outcome.error.message
    assert reduced.run(SAMPLE).error is None


def test_cage_check_prints_the_level_and_each_layer() -> None:
    printed = StringIO()
    call_command("cage_check", stdout=printed)
    lines = printed.getvalue()
    assert lines.startswith("Isolation: FULL\n")
    for layer in ("namespaces", "user", "landlock", "seccomp", "rlimits", "cgroups"):
        assert layer in lines


def test_cage_check_fails_where_runs_are_refused() -> None:
    with pytest.raises(CommandError, match="Runs are refused"):
        call_command("cage_check", "--best", "REDUCED", stdout=StringIO())
