"""Whether a dataclass that was read from untrusted JSON holds what its type hints promise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Check = Callable[[Any], bool]
_PLAIN: dict[Any, Check] = {
    Any: lambda value: True,
    NoneType: lambda value: value is None,
    bool: lambda value: type(value) is bool,
    int: lambda value: type(value) is int,
    float: lambda value: type(value) in {int, float},
    str: lambda value: type(value) is str,
}


def is_sound(value: object) -> bool:
    """`value` is a dataclass; every field is looked at, all the way down."""
    kind: Any = type(value)
    return _check(kind)(value)


@cache
def _check(hint: Any) -> Check:
    """A function that knows one type hint; made once, as a model may have 200,000 variables."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return lambda value: type(value) is str and value in arguments
    if origin in {Union, UnionType}:
        alternatives = [_check(argument) for argument in arguments]
        return lambda value: any(check(value) for check in alternatives)
    if origin is tuple and arguments[1:] == (...,):
        item = _check(arguments[0])
        return lambda value: type(value) is tuple and all(map(item, value))
    if origin is Mapping:
        key, content = map(_check, arguments)
        return lambda value: type(value) is dict and all(key(k) and content(v) for k, v in value.items())
    raise TypeError(f"{hint} is not a type that comes out of the cage.")


def _dataclass(kind: type) -> Check:
    hints = get_type_hints(kind)
    checks = [(item.name, _check(hints[item.name])) for item in fields(kind)]
    return lambda value: type(value) is kind and all(check(getattr(value, name)) for name, check in checks)
