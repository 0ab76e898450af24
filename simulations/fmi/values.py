"""Values of a request in a variable's own type: numbers, truth values, texts, names of an enumeration, arrays."""

from __future__ import annotations

import binascii
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulations.fmi.inspection import Inspection, Variable
from simulations.fmi.shown import shown

_INTEGER_BITS = {f"{sign}Int{bits}": (sign, bits) for sign in ("", "U") for bits in (8, 16, 32, 64)}
_WITH_COMMA = re.compile(r"[+-]?\d{1,30},\d{1,30}", re.ASCII)
_TRUTH_WORDS = {"true": True, "false": False}


class ValueMismatch(Exception):
    """A value that its variable cannot take; `code` is stable, the message says what would fit."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def convert(variable: Variable, value: Any, sizes: tuple[int, ...]) -> list[Any]:
    """`value` as a flat, row-major list of scalars in the variable's type; one element for a scalar variable.

    An array takes nested lists of its shape, or one flat list. Raises ValueMismatch.
    """
    if not sizes:
        return [scalar(variable, value)]
    flat = list(_flattened(value, len(sizes)))
    if len(flat) != math.prod(sizes) or not _shape_fits(value, sizes):
        shape = " x ".join(map(str, sizes))
        raise ValueMismatch(
            "wrong_shape", f"'{variable.name}' is an array of {shape}, row by row; {len(flat)} values were given."
        )
    return [scalar(variable, item) for item in flat]


def scalar(variable: Variable, value: Any) -> Any:
    """One value in the variable's type. Raises ValueMismatch."""
    if variable.is_float:
        return _real(variable, value)
    if variable.type in _INTEGER_BITS:
        return _integer(variable, value)
    return {"Boolean": _boolean, "Enumeration": _item, "String": _text, "Binary": _binary, "Clock": _boolean}[
        variable.type
    ](variable, value)


def are_finite_numbers(samples: Sequence[Any]) -> bool:
    """The common case of a signal, decided at a few nanoseconds a sample."""
    if not set(map(type, samples)) <= {float, int}:
        return False
    try:
        return all(map(math.isfinite, samples))
    except OverflowError:
        return False


def sizes(inspection: Inspection, start_values: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Each array variable's sizes once the structural parameters among `start_values` are set."""
    by_name = {variable.name: variable for variable in inspection.variables}
    return {
        variable.name: tuple(
            fixed if name is None else _chosen_size(by_name.get(name), start_values.get(name), fixed)
            for fixed, name in zip(
                variable.dimensions, variable.size_of or [None] * len(variable.dimensions), strict=True
            )
        )
        for variable in inspection.variables
        if variable.dimensions
    }


def _chosen_size(parameter: Variable | None, value: Any, fixed: int) -> int:
    if parameter is None or value is None:
        return fixed
    try:
        return max(0, int(scalar(parameter, value)))
    except ValueMismatch:
        return fixed


def _flattened(value: Any, depth: int) -> Iterator[Any]:
    """What lies in nested lists, no deeper than the array is."""
    if depth and isinstance(value, list | tuple):
        for item in value:
            yield from _flattened(item, depth - 1)
    else:
        yield value


def _shape_fits(value: Any, sizes: tuple[int, ...]) -> bool:
    """Nested lists must nest like the array; a flat list of all values fits every array."""
    if isinstance(value, list | tuple) and not any(isinstance(item, list | tuple) for item in value):
        return True
    return _nests(value, sizes)


def _nests(value: Any, sizes: tuple[int, ...]) -> bool:
    if not sizes:
        return not isinstance(value, list | tuple)
    return isinstance(value, list | tuple) and len(value) == sizes[0] and all(_nests(item, sizes[1:]) for item in value)


def with_point(value: object) -> str:
    """What to say about a number that is written with a comma; nothing about any other value."""
    if not isinstance(value, str) or not _WITH_COMMA.fullmatch(value.strip()):
        return ""
    return f" Write {value.strip().replace(',', '.')}, with a point."


def _mismatch(variable: Variable, value: Any, wanted: str) -> ValueMismatch:
    return ValueMismatch("wrong_type", f"'{variable.name}' is {wanted}; {shown(value)} is not.")


def _real(variable: Variable, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        mismatch = _mismatch(variable, value, "a number")
        mismatch.message += with_point(value)
        raise mismatch
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueMismatch("not_finite", f"'{variable.name}' needs a finite number.")
    return number


def _integer(variable: Variable, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or (isinstance(value, float) and value % 1 != 0):
        raise _mismatch(variable, value, "a whole number")
    sign, bits = _INTEGER_BITS[variable.type]
    low, high = (0, 2**bits - 1) if sign else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    if not low <= value <= high:
        raise ValueMismatch("out_of_range", f"'{variable.name}' is of type {variable.type} and takes {low} to {high}.")
    return int(value)


def _boolean(variable: Variable, value: Any) -> bool:
    if isinstance(value, str):
        value = _TRUTH_WORDS.get(value.strip().lower(), value)
    if isinstance(value, bool) or (isinstance(value, int | float) and value in (0, 1)):
        return bool(value)
    raise _mismatch(variable, value, "true or false")


def _item(variable: Variable, value: Any) -> int:
    """The number behind an enumeration's name, or the number itself."""
    items = variable.enumeration or {}
    if isinstance(value, str) and value in items:
        return items[value]
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and value % 1 == 0
    if is_number and (not items or value in items.values()):
        return int(value)
    names = ", ".join(f"{name} ({number})" for name, number in list(items.items())[:20])
    raise _mismatch(variable, value, f"one of {names}" if names else "an enumeration's number")


def _text(variable: Variable, value: Any) -> str:
    if not isinstance(value, str):
        raise _mismatch(variable, value, "a text")
    if "\0" in value:
        raise ValueMismatch("wrong_type", f"'{variable.name}' is a text and cannot hold a zero byte.")
    return value


def _binary(variable: Variable, value: Any) -> bytes:
    try:
        return binascii.unhexlify(value)
    except (TypeError, ValueError):
        raise _mismatch(variable, value, "binary, written as hexadecimal digits") from None
