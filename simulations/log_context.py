"""What is being worked on at the moment, as fields of every line of the log: request_id, simulation, fmu."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

type Fields = Mapping[str, str]

_NOTHING: Fields = {}
_fields: ContextVar[Fields] = ContextVar("log_context", default=_NOTHING)
_OF_ERROR = "log_context"


@contextmanager
def about(**fields: str) -> Iterator[None]:
    """Every line inside the block has these fields; whoever logs an error that left the block finds them at it."""
    token = _fields.set({**_fields.get(), **fields})
    try:
        yield
    except Exception as error:
        vars(error).setdefault(_OF_ERROR, _fields.get())
        raise
    finally:
        _fields.reset(token)


def fields(error: BaseException | None = None) -> Fields:
    """Of this moment, and of the moment in which `error` was raised."""
    return {**(vars(error).get(_OF_ERROR, _NOTHING) if error else _NOTHING), **_fields.get()}


def request_id() -> str:
    """Of the request that is being answered, or that asked for the work in hand; "" when nobody asked."""
    return _fields.get().get("request_id", "")
