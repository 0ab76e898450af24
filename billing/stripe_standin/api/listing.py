"""Answer lists page by page: filters, limit, starting_after, ending_before."""

from collections.abc import Callable, Mapping
from typing import Any

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.store import Obj

_PAGING = {"limit", "starting_after", "ending_before", "expand", "created"}


def page(url: str, data: list[Obj], *, has_more: bool = False) -> Obj:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def list_of(kind: str, url: str, paths: Mapping[str, str] | None = None) -> Callable[..., Obj]:
    """A handler that lists objects of one kind. `paths` says where a filter looks when not at the field of its name."""

    def handler(backend: Backend, params: Obj) -> Obj:
        limit = _limit(params)
        found = backend.store.find(
            kind,
            _where(params, paths or {}),
            after=_cursor(backend, kind, params, "starting_after"),
            before=_cursor(backend, kind, params, "ending_before"),
            limit=-1 if "created" in params else limit + 1,
        )
        found = [obj for obj in found if _within(obj["created"], params["created"])] if "created" in params else found
        chosen = found[-limit:] if "ending_before" in params else found[:limit]
        return page(url, chosen, has_more=len(found) > limit)

    return handler


def _limit(params: Obj) -> int:
    limit = int(params.get("limit", 10))
    if not 1 <= limit <= 100:
        raise StripeError.parameter(
            "Invalid integer: limit must be between 1 and 100.", "limit", "parameter_invalid_integer"
        )
    return limit


def _where(params: Obj, paths: Mapping[str, str]) -> dict[str, object]:
    where: dict[str, object] = {}
    for name, value in params.items():
        if name not in _PAGING:
            where |= _filter(paths.get(name, name), value)
    return where


def _filter(path: str, value: Any) -> dict[str, object]:
    if isinstance(value, dict):
        return {f"{path}.{name}": inner for name, inner in value.items()}
    return {path: value}


def _cursor(backend: Backend, kind: str, params: Obj, name: str) -> str | None:
    cursor: str | None = params.get(name)
    if cursor:
        backend.need(kind, cursor, name)
    return cursor


def _within(created: int, wanted: Any) -> bool:
    """`created` is a second, or bounds: gt, gte, lt, lte."""
    if not isinstance(wanted, dict):
        return created == int(wanted)
    tests: dict[str, Callable[[int], bool]] = {
        "gt": created.__gt__,
        "gte": created.__ge__,
        "lt": created.__lt__,
        "lte": created.__le__,
    }
    return all(tests[name](int(bound)) for name, bound in wanted.items())
