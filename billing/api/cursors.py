"""Pages by cursor."""

from __future__ import annotations

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class Cursors(CursorPagination):
    """Says what is wrong with a cursor that is none of ours: DRF would say that the list is not there."""

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Raises ValidationError."""
        try:
            return super().decode_cursor(request)
        except NotFound as error:
            message = "'cursor' is none that a page gave; follow 'next' or 'previous' of one, or leave it out."
            raise ValidationError({"cursor": [message]}) from error
