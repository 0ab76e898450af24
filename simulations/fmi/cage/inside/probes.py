"""Attacks of our own: what a hostile FMU would try first, tried at every start of a cage from where an FMU would be."""

from __future__ import annotations

import mmap
import os
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_ABSURD_BYTES = 1 << 46
_MAP_NORESERVE = 0x4000  # without it the kernel refuses by itself, and proves nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class Targets:
    """What the trusted side has laid out: a file, a listening port and abstract socket, its process, its variables."""

    canary: str
    stores: list[str]
    port: int
    abstract: str
    pid: int
    environment: list[str]

    def dump(self) -> dict[str, Any]:
        return asdict(self)


def attack(targets: dict[str, Any], *, fmu: Path) -> dict[str, str]:
    """Try everything. For each attack: what it got hold of, empty when it was stopped.

    Raises OSError when not even what a job may do works: read its FMU, write to its scratch folder.
    """
    list(fmu.iterdir())
    Path("scratch").write_text("a job may")
    aims = Targets(**targets)
    return {name: _outcome(attempt, aims, fmu) for name, attempt in ATTACKS.items()}


def call_forbidden() -> None:
    """A system call that no model needs: the kernel should end this process."""
    # One that a container's manager lets pass: its own filter would answer before ours, and prove nothing about ours.
    os.pidfd_open(os.getpid())


def _outcome(attempt: Callable[[Targets, Path], object], targets: Targets, fmu: Path) -> str:
    try:
        return str(attempt(targets, fmu) or "")
    except (OSError, MemoryError, ValueError):
        return ""


def _read_file(targets: Targets, _: Path) -> str:
    return f"read {len(Path(targets.canary).read_bytes())} bytes of a file outside"


def _write_file(targets: Targets, _: Path) -> str:
    Path(targets.canary).with_name("written").write_text("by an FMU")
    return "wrote a file outside"


def _write_fmu(_: Targets, fmu: Path) -> str:
    (fmu / "written").write_text("by an FMU")
    return "wrote into the FMU's own folder"


def _list_store(targets: Targets, fmu: Path) -> str:
    stores = [Path(store) for store in targets.stores if Path(store).is_dir()]
    others = [path for store in stores for path in store.iterdir() if path.name != fmu.name]
    return "listed other FMUs" if others else ""


def _connect_tcp(targets: Targets, _: Path) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        client.connect(("127.0.0.1", targets.port))
        return "connected to a port of this machine"


def _connect_abstract(targets: Targets, _: Path) -> str:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect(f"\0{targets.abstract}")
        return "connected to an abstract socket of this machine"


def _fork(_: Targets, __: Path) -> str:
    if child := os.fork():
        os.waitpid(child, 0)
        return "started a process"
    os._exit(0)


def _signal(targets: Targets, _: Path) -> str:
    os.kill(targets.pid, 0)
    return "may signal the server"


def _become_root(_: Targets, __: Path) -> str:
    os.setuid(0)
    return "became root"


def _environment(targets: Targets, _: Path) -> str:
    seen = sorted(set(targets.environment) & set(os.environ))
    return f"read the server's environment: {', '.join(seen)}" if seen else ""


def _exhaust_memory(_: Targets, __: Path) -> str:
    mmap.mmap(-1, _ABSURD_BYTES, flags=_MAP_NORESERVE | mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()
    return "mapped more memory than any machine has"


def _see_file(targets: Targets, _: Path) -> str:
    return "sees that a file outside exists" if Path(targets.canary).exists() else ""


def _see_processes(targets: Targets, _: Path) -> str:
    return "sees other processes" if Path(f"/proc/{targets.pid}").exists() else ""


ATTACKS: dict[str, Callable[[Targets, Path], object]] = {
    "read_file": _read_file,
    "write_file": _write_file,
    "write_fmu": _write_fmu,
    "list_store": _list_store,
    "connect_tcp": _connect_tcp,
    "connect_abstract": _connect_abstract,
    "fork": _fork,
    "signal": _signal,
    "become_root": _become_root,
    "environment": _environment,
    "exhaust_memory": _exhaust_memory,
    "see_file": _see_file,
    "see_processes": _see_processes,
}
# Looking without touching: what a mount and a pid namespace hide, and Landlock alone does not.
ONLY_LOOKING = ("see_file", "see_processes")
