"""What the FMU says through its logger: written to standard error, which the cage keeps, up to a limit."""

from __future__ import annotations

import os
from typing import Any

_LEVELS = ("OK", "WARNING", "DISCARD", "ERROR", "FATAL", "PENDING")
_STDERR = 2
_DISCARD = 2
_SHOWN = 500


class Log:
    """Capped. `last` is the latest complaint, else the latest message: it mostly tells why a call failed."""

    def __init__(self, max_bytes: int) -> None:
        self._left = max_bytes
        self._message = self._complaint = ""
        self._told: set[bytes] = set()
        self._before: set[bytes] = set()

    @property
    def last(self) -> str:
        return self._complaint or self._message

    def begin_again(self) -> None:
        """Another attempt follows: what the ones before it said need not be read twice."""
        self._before |= self._told

    def of_solver(self, text: str, *, is_warning: bool) -> None:
        """What CVode says; it is no reason of the FMU's."""
        self._put(f"[{'WARNING' if is_warning else 'ERROR'}] CVode: {text}\n".encode())

    def of_fmi1_and_2(
        self, _environment: Any, _instance: bytes | None, status: int, category: bytes | None, message: bytes | None
    ) -> None:
        self.write(status, category, message)

    def of_fmi3(self, _environment: Any, status: int, category: bytes | None, message: bytes | None) -> None:
        self.write(status, category, message)

    def write(self, status: int, category: bytes | None, message: bytes | None) -> None:
        """Called by native code: must not raise."""
        text = (message or b"").decode(errors="replace").strip()
        self._message = text[:_SHOWN] or self._message
        if status >= _DISCARD:
            self._complaint = text[:_SHOWN] or self._complaint
        level = _LEVELS[status] if 0 <= status < len(_LEVELS) else str(status)
        named = f" {category.decode(errors='replace')}:" if category else ""
        self._put(f"[{level}]{named} {text}\n".encode())

    def _put(self, line: bytes) -> None:
        if self._left <= 0 or line in self._before:
            return
        self._told.add(line)
        if len(line) > self._left:
            line = line[: self._left] + b"\n[the log ends here: it reached its limit]\n"
        self._left -= len(line)
        os.write(_STDERR, line)
