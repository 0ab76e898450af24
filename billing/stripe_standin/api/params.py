"""Check request parameters against the official stripe-python types, and turn text into numbers and booleans."""

import functools
import types
import typing
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin

from stripe._request_options import RequestOptions

from billing.stripe_standin.api.errors import StripeError

_WRAPPERS = {typing.NotRequired, typing.Required}
_OPTIONS = frozenset(RequestOptions.__annotations__)
_INTEGER_LIKE = {int: "integer", float: "number", Decimal: "number"}


def parse(params_type: type, data: dict[str, Any], path: str = "") -> dict[str, Any]:
    """The typed parameters. Raises StripeError for unknown, missing and malformed ones, as Stripe does."""
    hints = _hints(params_type)
    for key in data:
        if key not in hints:
            raise StripeError.parameter(
                f"Received unknown parameter: {_join(path, key)}", _join(path, key), "parameter_unknown"
            )
    for key in _required(params_type):
        if key not in data:
            raise StripeError.parameter(
                f"Missing required param: {_join(path, key)}.", _join(path, key), "parameter_missing"
            )
    return {key: _value(hints[key], value, _join(path, key)) for key, value in data.items()}


def _value(hint: Any, value: Any, path: str) -> Any:
    options = _options(hint)
    if isinstance(value, dict):
        return _mapping(options, value, path)
    if isinstance(value, list):
        return _sequence(options, value, path)
    return _scalar(options, value, path)


def _mapping(options: list[Any], value: dict[str, Any], path: str) -> Any:
    for option in options:
        if _is_typed_dict(option):
            return parse(option, value, path)
        if get_origin(option) is dict:
            return {key: _value(get_args(option)[1], item, _join(path, key)) for key, item in value.items()}
    raise StripeError.parameter("Invalid object", path)


def _sequence(options: list[Any], value: list[Any], path: str) -> Any:
    for option in options:
        if get_origin(option) is list:
            return [_value(get_args(option)[0], item, f"{path}[{i}]") for i, item in enumerate(value)]
    raise StripeError.parameter("Invalid array", path)


def _scalar(options: list[Any], value: str, path: str) -> Any:
    words = [word for option in options if get_origin(option) is Literal for word in get_args(option)]
    if value in words:
        return value
    if bool in options:
        return _boolean(value, path)
    if number := next((option for option in options if option in _INTEGER_LIKE), None):
        return _number(number, value, path)
    if any(words):
        raise StripeError.parameter(f"Invalid {path}: must be one of {', '.join(filter(None, words))}", path)
    if str in options:
        return value
    raise StripeError.parameter("Invalid object" if any(map(_is_typed_dict, options)) else "Invalid array", path)


def _boolean(value: str, path: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise StripeError.parameter(f"Invalid boolean: {value}", path)
    return value.lower() == "true"


def _number(kind: Any, value: str, path: str) -> Any:
    try:
        number = kind(value)
    except (ValueError, ArithmeticError):
        raise StripeError.parameter(
            f"Invalid {_INTEGER_LIKE[kind]}: {value}", path, f"parameter_invalid_{_INTEGER_LIKE[kind]}"
        ) from None
    return str(number) if kind is Decimal else number


def _is_typed_dict(option: Any) -> bool:
    """`typing.is_typeddict` does not know those of typing_extensions."""
    return hasattr(option, "__required_keys__")


def _options(hint: Any) -> list[Any]:
    while get_origin(hint) in _WRAPPERS:
        hint = get_args(hint)[0]
    return list(get_args(hint)) if get_origin(hint) in (Union, types.UnionType) else [hint]


@functools.cache
def _hints(params_type: type) -> dict[str, Any]:
    """Resolved annotations, without the SDK's own request options."""
    own = {name: note for name, note in params_type.__annotations__.items() if name not in _OPTIONS}
    holder = type("Holder", (), {"__annotations__": own, "__module__": params_type.__module__})
    return typing.get_type_hints(holder, include_extras=True)


def _required(params_type: type) -> list[str]:
    return sorted(typing.cast("frozenset[str]", getattr(params_type, "__required_keys__", frozenset())) - _OPTIONS)


def _join(path: str, key: str) -> str:
    return f"{path}[{key}]" if path else key
