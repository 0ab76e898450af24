"""Memory and process counts of the jobs, where this machine lets us make control groups (v1 or v2).

v1: controllers `memory` and `pids` in hierarchies of their own (pids since Linux 4.3, oom_kill counted since 4.13).
v2: one tree, memory.events counts oom_kill (Linux 4.5). One group serves a cage for its whole life: a group a job would
leave thousands of dying groups behind, each kept alive by a page of somebody's file.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_ROOT = Path("/sys/fs/cgroup")
_PREFIX = "fmu-cage"
_PROCESSES = 128


@dataclass(frozen=True, slots=True)
class Group:
    """One control group directory. version: 1 or 2. controllers: which of memory and pids hold here."""

    folder: Path
    version: int
    controllers: tuple[str, ...]

    def limit_memory(self, limit: int) -> None:
        if "memory" not in self.controllers:
            return
        if self.version == 2:
            self._write("memory.max", limit)
            self._write("memory.swap.max", 0)
        else:
            self._write("memory.limit_in_bytes", limit)
            self._write("memory.swappiness", 0)

    def limit_processes(self) -> None:
        if "pids" in self.controllers:
            self._write("pids.max", _PROCESSES)

    def out_of_memory_kills(self) -> int:
        """How many processes of this group the kernel has killed for memory so far."""
        if "memory" not in self.controllers:
            return 0
        text = (self.folder / ("memory.events" if self.version == 2 else "memory.oom_control")).read_text()
        return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("oom_kill "))

    def open_for_joining(self) -> int:
        """A descriptor on which a process of one thread writes "0" to enter, whatever its own rights.

        v1's `tasks` moves the writing thread alone, for which the kernel takes no lock; `cgroup.procs` waits for all
        processors on an idle machine, 10 to 20 ms (v2 has no other way).
        """
        return os.open(self.folder / ("tasks" if self.version == 1 else "cgroup.procs"), os.O_WRONLY | os.O_CLOEXEC)

    def remove(self) -> None:
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def _write(self, name: str, value: int) -> None:
        with contextlib.suppress(OSError):
            (self.folder / name).write_text(str(value))


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one cage: none, one (v2) or two (v1)."""

    groups: tuple[Group, ...] = ()

    @classmethod
    def make(cls, name: str) -> Self:
        """What this machine allows; nothing is an answer too."""
        groups = tuple(_make(f"{_PREFIX}-{os.getpid()}-{name}"))
        for group in groups:
            group.limit_processes()
        return cls(groups)

    @property
    def limits_memory(self) -> bool:
        return any("memory" in group.controllers for group in self.groups)

    def limit_memory(self, limit: int) -> None:
        for group in self.groups:
            group.limit_memory(limit)

    def out_of_memory_kills(self) -> int:
        return sum(group.out_of_memory_kills() for group in self.groups)

    @contextmanager
    def opened_for_joining(self) -> Iterator[dict[str, int]]:
        """A descriptor of each group, by a name that the inmate knows."""
        files = {f"cgroup{number}": group.open_for_joining() for number, group in enumerate(self.groups)}
        try:
            yield files
        finally:
            for descriptor in files.values():
                os.close(descriptor)

    def remove(self) -> None:
        for group in self.groups:
            group.remove()


def _make(name: str) -> list[Group]:
    if (_ROOT / "cgroup.controllers").exists():
        return _make_v2(name)
    made = [_make_v1(controller, name) for controller in ("memory", "pids")]
    return [group for group in made if group]


def _make_v1(controller: str, name: str) -> Group | None:
    folder = _new_folder(_ROOT / controller, name)
    return Group(folder, 1, (controller,)) if folder else None


def _make_v2(name: str) -> list[Group]:
    """In our own group, beside it or at the top: the first place that is ours and lets controllers on.

    A group with processes in it may not limit groups below it, so that ours mostly has a sister: below a unit of
    systemd with `DelegateSubgroup`, or below the slice of a desktop session.
    """
    own = _own_v2()
    for parent in dict.fromkeys((own, own.parent, _ROOT) if own != _ROOT else (_ROOT,)):
        with contextlib.suppress(OSError):
            (parent / "cgroup.subtree_control").write_text("+memory +pids")
        folder = _new_folder(parent, name)
        controllers = _controllers(folder) if folder else ()
        if folder and controllers:
            return [Group(folder, 2, controllers)]
        if folder:
            folder.rmdir()
    return []


def _own_v2() -> Path:
    lines = Path("/proc/self/cgroup").read_text().splitlines()
    return next((_ROOT / line[3:].lstrip("/") for line in lines if line.startswith("0::")), _ROOT)


def _controllers(folder: Path) -> tuple[str, ...]:
    enabled = (folder / "cgroup.controllers").read_text().split()
    return tuple(name for name in ("memory", "pids") if name in enabled)


def _new_folder(parent: Path, name: str) -> Path | None:
    if not os.access(parent, os.W_OK):
        return None
    _sweep(parent)
    folder = parent / name
    try:
        folder.mkdir()
    except OSError:
        return None
    return folder


def _sweep(parent: Path) -> None:
    """Remove the groups of cages whose process died without closing them."""
    for stale in parent.glob(f"{_PREFIX}-*"):
        if not Path("/proc", stale.name.split("-")[2]).exists():
            with contextlib.suppress(OSError):
                stale.rmdir()
