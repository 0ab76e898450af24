"""A value of a request as messages quote it: in JSON's words, and short."""

from __future__ import annotations

import reprlib
from typing import Any


class _JsonWords(reprlib.Repr):
    """reprlib finds its methods by the names of types."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxlong = self.maxother = 60

    def repr_bool(self, value: bool, level: int) -> str:
        return "true" if value else "false"

    def repr_NoneType(self, value: None, level: int) -> str:  # noqa: N802
        return "null"


_words = _JsonWords()


def shown(value: Any) -> str:
    """`null`, `true`, `'a text'`, `[1, 2, ...]`."""
    return _words.repr(value)
