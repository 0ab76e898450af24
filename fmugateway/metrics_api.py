"""The owner's numbers as JSON, for staff."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from fmugateway.dashboard import SEES_MONEY
from fmugateway.metrics import BadPeriod, Period, as_json, parse, report


@extend_schema(exclude=True)
class MetricsView(APIView):
    """GET /api/v1/metrics?period=30d, or ?period=2026-10-01..2026-11-01, with a staff account's API token."""

    permission_classes = [IsAdminUser]

    def get(self, request: Request) -> Response:
        found = report(_period(request), money=request.user.has_perm(SEES_MONEY))
        return Response(as_json(found), headers={"Cache-Control": "no-store"})


def _period(request: Request) -> Period:
    try:
        return parse(request.query_params.get("period", "30d"))
    except BadPeriod as error:
        raise ValidationError({"period": str(error)}) from error
