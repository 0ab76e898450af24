"""Find processes by who started them, end them without warning, and add up what they used."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import psutil


def tree(pid: int) -> list[int]:
    """A process and all below it, parents first, without those that end meanwhile."""
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        return [pid, *(child.pid for child in root.children(recursive=True))]
    return []


def below(pid: int, words: str = "") -> list[int]:
    """All descendants of `pid` whose command line holds `words`, parents first."""
    return [child for child in tree(pid)[1:] if words in _command(child)]


def kill(pid: int) -> None:
    """As the kernel does when memory is short: no word of warning. Nothing happens when it is gone already."""
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(pid).kill()


def cpu_seconds(pids: Iterable[int]) -> float:
    """Of these processes, and of their children that have ended."""
    return sum(map(_cpu_seconds, pids))


def memory_bytes(pids: Iterable[int]) -> int:
    """Resident, shared pages counted in proportion (PSS)."""
    return sum(map(_memory_bytes, pids))


def _command(pid: int) -> str:
    with contextlib.suppress(psutil.NoSuchProcess):
        return " ".join(psutil.Process(pid).cmdline())
    return ""


def _cpu_seconds(pid: int) -> float:
    with contextlib.suppress(psutil.NoSuchProcess):
        times = psutil.Process(pid).cpu_times()
        return times.user + times.system + times.children_user + times.children_system
    return 0.0


def _memory_bytes(pid: int) -> int:
    with contextlib.suppress(psutil.NoSuchProcess):
        return int(psutil.Process(pid).memory_full_info().pss)
    return 0
