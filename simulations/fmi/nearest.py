"""The name that was probably meant, within a bound: a stranger chooses both the name and what it is compared with."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# difflib takes time by the product of the lengths, 40 us for two names of twenty letters; a hundred times that for
# longer ones that were made for it.
_LONGEST = 100
_PRODUCT = 2_000_000


class Nearest:
    """Answers for one request: whoever misspells many names gets suggestions for the first of them only."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = list(known)
        self._by_letters = {name.lower(): name for name in reversed(self._known)}
        self._left = _PRODUCT

    def to(self, name: str) -> str | None:
        """The known name that is most like it; None when none is, or it would take too long to find."""
        if same := self._by_letters.get(name.lower()):
            return same
        if len(name) > _LONGEST or self._left <= 0:
            return None
        return next(iter(get_close_matches(name, self._affordable(name), n=1, cutoff=0.5)), None)

    def _affordable(self, name: str) -> list[str]:
        """Those of similar length, the most similar first."""
        slack = 2 + len(name) // 3
        near = [known for known in self._known if abs(len(known) - len(name)) <= slack]
        chosen = []
        for known in sorted(near, key=lambda known: abs(len(known) - len(name))):
            self._left -= (len(known) + 1) * (len(name) + 1)
            if self._left < 0:
                break
            chosen.append(known)
        return chosen
