"""One row per operation of the API: method, path, parameters, handler."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from billing.stripe_standin.api.listing import list_of
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.store import Obj

type Handler = Callable[..., Obj]
"""Called with the backend, the typed parameters and the ids of the path."""


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    params: type
    handler: Handler
    takes: frozenset[str] | None = frozenset()
    """The parameters that do something here, besides `expand`: `a`, or `a.b` for fields of a hash. None: all."""

    def match(self, method: str, path: str) -> tuple[str, ...] | None:
        """The ids in the path, or None."""
        found = self._pattern.fullmatch(path) if method == self.method else None
        return found.groups() if found else None

    @property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self.path.replace("{id}", "([^/]+)"))  # re keeps the compiled ones


def readable(
    kind: str, path: str, retrieve: type, list_: type, filters: Mapping[str, str] | None = None
) -> list[Route]:
    """The two reading operations that nearly every resource has."""
    return [
        Route("GET", path, list_, list_of(kind, path, filters), None),
        Route("GET", f"{path}/{{id}}", retrieve, retrieve_of(kind)),
    ]


def retrieve_of(kind: str) -> Handler:
    def handler(backend: Backend, params: Obj, id_: str) -> Obj:
        return backend.need(kind, id_)

    return handler


def delete_of(kind: str, event: str | None = None) -> Handler:
    def handler(backend: Backend, params: Obj, id_: str) -> Obj:
        obj = backend.need(kind, id_)
        backend.store.remove(id_)
        if event:
            backend.emit(event, obj)
        return {"id": id_, "object": kind, "deleted": True}

    return handler


def updatable(kind: str, path: str, params: type, fields: set[str], event: str | None = None) -> Route:
    """The operation that changes these plain fields; an empty string unsets one."""

    def handler(backend: Backend, params: Obj, id_: str) -> Obj:
        obj = backend.need(kind, id_)
        previous = change(obj, params)
        if event and previous:
            backend.emit(event, obj, previous)
        return obj

    return Route("POST", f"{path}/{{id}}", params, handler, frozenset(fields))


def change(obj: Obj, values: Mapping[str, Any]) -> Obj:
    """Apply values and return what they replaced, for the event's `previous_attributes`."""
    previous: Obj = {}
    for name, value in values.items():
        new = _merged(obj["metadata"], value) if name == "metadata" else (None if value == "" else value)
        if obj[name] != new:
            previous[name], obj[name] = obj[name], new
    return previous


def _merged(metadata: dict[str, str], changes: Any) -> dict[str, str]:
    """Keys set to an empty string go; an empty string for all of it clears it."""
    if changes == "":
        return {}
    return {key: value for key, value in {**metadata, **changes}.items() if value != ""}
