"""Values as a form shows them, and back. What cannot be read stays a text: the model's check then names it."""

from __future__ import annotations

from typing import Any

from simulations.fmi.experiment import Value
from simulations.fmi.inspection import Variable

_WORDS = {"String", "Binary", "Enumeration", "Boolean"}


def text_of(value: Any) -> str:
    """A number, truth value, name or text; arrays as their values in a row."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        short = format(value, ".12g")
        # Rounded, an untouched field would make the next run another one.
        return short if float(short) == value else repr(value)
    if isinstance(value, list | tuple):
        return " ".join(filter(None, map(text_of, value)))
    return str(value)


def start_text(variable: Variable, value: Any) -> str:
    """A start value of this variable: enumerations by name, a text array line by line."""
    if variable.enumeration and not variable.dimensions:
        names = {number: name for name, number in variable.enumeration.items()}
        return names.get(value, text_of(value))
    if variable.type == "String" and variable.dimensions and isinstance(value, list):
        return "\n".join(map(str, value))
    return text_of(value)


def start_value(variable: Variable, text: str) -> Value:
    """What a text means for this variable; an array as a flat list, row by row."""
    if not variable.dimensions:
        return _scalar(variable, text)
    parts = text.splitlines() if variable.type == "String" else text.replace(",", " ").replace(";", " ").split()
    return [_scalar(variable, part) for part in parts]


def number(text: str) -> float | str:
    """A whole number, a number, or the text itself."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _scalar(variable: Variable, text: str) -> Value:
    if variable.type == "Enumeration" and text not in (variable.enumeration or {}):
        return number(text)
    return text if variable.type in _WORDS else number(text)
