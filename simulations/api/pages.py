"""Lists in pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model, QuerySet
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.api.cursors import Cursors
from simulations.api.queries import whole_number


class NewestFirst(Cursors):
    """By id, so that a page costs the same at a million rows."""

    ordering = "-id"
    page_size = 20
    max_page_size = 100

    def get_page_size(self, request: Request) -> int:
        return whole_number(request, "limit", least=1, most=self.max_page_size) or self.page_size


class Offsets(LimitOffsetPagination):
    """For lists that are in memory."""

    default_limit = 100
    max_limit = 1000
    furthest = 1_000_000_000

    def get_limit(self, request: Request) -> int:
        return whole_number(request, "limit", least=1, most=self.max_limit) or self.default_limit

    def get_offset(self, request: Request) -> int:
        return whole_number(request, "offset", least=0, most=self.furthest) or 0


def page[Row: Model](
    rows: QuerySet[Row], request: Request, view: APIView, present: Callable[[Row, Request], dict[str, Any]]
) -> Response:
    """One page of rows, newest first."""
    pages = NewestFirst()
    found = pages.paginate_queryset(rows, request, view=view) or []
    return pages.get_paginated_response([present(row, request) for row in found])


def slice_of[Item](
    items: Sequence[Item], request: Request, view: APIView, present: Callable[[Item], dict[str, Any]]
) -> Response:
    """One slice of a list."""
    pages = Offsets()
    found = pages.paginate_queryset(items, request, view=view) or []
    return pages.get_paginated_response([present(item) for item in found])
