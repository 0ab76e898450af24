"""XML attributes as values. What cannot be read counts as absent: faults of the XML are findings, not ends."""

from __future__ import annotations

import math
from collections.abc import Mapping

from lxml import etree

Attributes = Mapping[str, str] | etree._Attrib


def plain(element: etree._Element) -> dict[str, str]:
    """The attributes as a dictionary of their own."""
    return {str(name): str(value) for name, value in element.attrib.items()}


def number(attributes: Attributes, name: str) -> float | None:
    """A finite number, or None."""
    try:
        value = float(attributes.get(name) or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def whole(attributes: Attributes, name: str) -> int | None:
    try:
        return int(attributes.get(name) or "")
    except ValueError:
        return None


def flag(attributes: Attributes, name: str, *, default: bool = False) -> bool:
    value = attributes.get(name)
    return default if value is None else value.strip() in {"true", "1"}


def text(attributes: Attributes, name: str) -> str | None:
    """The text without surrounding white space, None where it is empty."""
    return (attributes.get(name) or "").strip() or None
