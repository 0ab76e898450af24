"""Text that a stranger wrote, made fit for terminals, pages and databases."""

from __future__ import annotations

import re
from typing import Any

# Control characters but tab and line ends, those of the second set too, which terminals obey as well (0x9b is ESC [),
# and halves of surrogate pairs.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def printable(text: str) -> str:
    """Unfit characters are shown as \\x1b or \\ud800."""
    return _UNFIT.sub(_shown, text)


def printable_json(value: Any) -> Any:
    """The same for every text and every key of a JSON value."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {printable(key): printable_json(item) for key, item in value.items()}
    return [printable_json(item) for item in value] if isinstance(value, list) else value


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
