"""Alive, and able to run."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers. 503 with the reason otherwise."""
    try:
        connection.ensure_connection()
    except Exception as error:  # noqa: BLE001  any failure of the database is the answer here
        return JsonResponse({"ready": False, "database": str(error)}, status=503)
    return JsonResponse({"ready": True, "database": "ok"})
