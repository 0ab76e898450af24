"""Each layer of a running cage, whether it holds, and what was found on this machine: for people who ask."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from simulations.fmi.cage import launcher, syscalls
from simulations.fmi.cage.cell import Cell
from simulations.fmi.cage.inside import landlock
from simulations.fmi.cage.selftest import Findings
from simulations.fmi.cage.setting import Isolation


@dataclass(frozen=True, slots=True)
class Layer:
    """promise: what the layer is for, in a few words. found: feature and version, or what is missing."""

    name: str
    holds: bool
    found: str
    promise: str


def of(cell: Cell, findings: Findings) -> Iterator[Layer]:
    """From the outermost to the innermost."""
    yield _namespaces(cell, findings)
    yield _user(cell)
    yield _landlock(cell, findings)
    yield _filter(cell, findings)
    yield _rlimits(findings)
    yield _cgroups(cell)


def _stopped(findings: Findings, *attacks: str) -> bool:
    return not findings.broken and not any(findings.attacks.get(name) for name in attacks)


def _namespaces(cell: Cell, findings: Findings) -> Layer:
    holds = cell.isolation is Isolation.NAMESPACES and _stopped(findings, "see_file", "see_processes", "connect_tcp")
    found = f"{_bubblewrap_version()}, Linux {os.uname().release}" if holds else "none"
    return Layer("namespaces", holds, found, "no file, process, port or other FMU of this machine is in sight")


def _bubblewrap_version() -> str:
    executable = shutil.which("bwrap")
    if executable is None:
        return "bubblewrap is not installed"
    return subprocess.run([executable, "--version"], capture_output=True, text=True, check=False).stdout.strip()


def _user(cell: Cell) -> Layer:
    root = os.geteuid() == 0
    if cell.isolation is Isolation.NAMESPACES:
        found = f"uid {launcher.UID if root else os.geteuid()} in a user namespace that maps nobody"
    elif cell.isolation is Isolation.LANDLOCK and root:
        found = "a new uid for each job"
    else:
        return Layer("user", holds=False, found=f"uid {os.geteuid()}, the server's own", promise=_USER)
    return Layer("user", holds=True, found=found, promise=_USER)


_USER = "a job owns nothing and has no capability"


def _landlock(cell: Cell, findings: Findings) -> Layer:
    abi = landlock.abi()
    holds = bool(abi) and cell.isolation is not Isolation.NOTHING and _stopped(findings, "read_file", "write_file")
    found = f"ABI {abi}" if abi else "not in this kernel, or switched off (Linux 5.13 has it)"
    return Layer("landlock", holds, found, "a job reads its FMU and writes its scratch folder, nothing else")


def _filter(cell: Cell, findings: Findings) -> Layer:
    holds = cell.isolation is not Isolation.NOTHING and _stopped(findings, "forbidden_call", "fork", "connect_tcp")
    found = syscalls.summary() if holds else "none"
    return Layer("seccomp", holds, found, "no process, socket or rare system call can be made")


def _rlimits(findings: Findings) -> Layer:
    holds = _stopped(findings, "exhaust_memory")
    found = "address space, CPU, file size, threads, open files"
    return Layer("rlimits", holds, found, "a job ends when it has used up its share")


def _cgroups(cell: Cell) -> Layer:
    groups = cell.groups.groups
    found = ", ".join(f"v{group.version} {'+'.join(group.controllers)}" for group in groups)
    missing = "not writable here; address space bounds memory instead"
    return Layer("cgroups", bool(groups), found or missing, "memory that is touched and tasks are counted")
