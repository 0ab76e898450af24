"""Findings as they are gathered while an FMU is read: each said once, the many of one kind summed up."""

from __future__ import annotations

from collections import Counter

from simulations.fmi.inspection import Finding, Level

MAX_OF_A_KIND = 10


class Findings:
    """Collects findings; `all()` gives them in order, with a count where more of a kind were found."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def add(self, level: Level, code: str, message: str) -> None:
        self._counts[code] += 1
        if self._counts[code] <= MAX_OF_A_KIND:
            self._found.append(Finding(level=level, code=code, message=message))

    def all(self) -> tuple[Finding, ...]:
        more = [
            Finding(level="info", code=code, message=f"{count - MAX_OF_A_KIND} more of this kind.")
            for code, count in self._counts.items()
            if count > MAX_OF_A_KIND
        ]
        return (*self._found, *more)
