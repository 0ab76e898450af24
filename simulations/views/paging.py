"""Long lists in pages by id: a page costs the same at a million rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Model, QuerySet

PER_PAGE = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class CursorPage[Row: Model]:
    """rows: newest first. older: what `?before=` asks for the next page; 0 at the end."""

    rows: list[Row]
    older: int
    is_first: bool


def cursor_page[Row: Model](rows: QuerySet[Row], query: Mapping[str, str]) -> CursorPage[Row]:
    """`?before=` an id; nonsense is the first page."""
    before = query.get("before", "")
    cursor = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else 0
    found = list((rows.filter(pk__lt=cursor) if cursor else rows).order_by("-pk")[: PER_PAGE + 1])
    more = len(found) > PER_PAGE
    return CursorPage(rows=found[:PER_PAGE], older=found[PER_PAGE - 1].pk if more else 0, is_first=not cursor)
