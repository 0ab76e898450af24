"""Find and kill the processes of a site."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path


def below(pid: int, words: str) -> list[int]:
    """All descendants of `pid` whose command line holds `words`, parents first."""
    return [child for child in _descendants(pid) if words in _command(child)]


def kill(pid: int) -> None:
    """As the kernel does when memory is short: no word of warning. Nothing happens when it is gone already."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _descendants(pid: int) -> Iterator[int]:
    for child in _children(pid):
        yield child
        yield from _descendants(child)


def _children(pid: int) -> list[int]:
    """Of all its threads, or none when it has ended."""
    with contextlib.suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        return [int(child) for task in tasks for child in task.read_text().split()]
    return []


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""
