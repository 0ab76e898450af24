"""The balance by lot, and the ledger."""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from billing import ledger
from billing.api.base import MoneyView
from billing.api.bodies import CreditsBody, EntryBody
from billing.api.cursors import Cursors
from billing.api.docs import LIMITS, problems
from billing.members import member
from billing.models import CreditEntry


class CreditsView(MoneyView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="credits",
        summary="Your runs, lot by lot",
        parameters=LIMITS,
        responses={200: CreditsBody, **problems(401)},
        tags=["credits"],
    )
    def get(self, request: Request) -> Response:
        return Response(CreditsBody(ledger.balance(member(request))).data)


class EntryPages(Cursors):
    ordering = ("-created_at", "-pk")
    page_size = 100


@extend_schema_view(
    get=extend_schema(
        operation_id="credit_entries",
        summary="Every change of your balance, newest first",
        parameters=LIMITS,
        responses={200: EntryBody(many=True), **problems(400, 401)},
        tags=["credits"],
    )
)
class CreditEntriesView(MoneyView, ListAPIView[CreditEntry]):
    permission_classes = [IsAuthenticated]
    serializer_class = EntryBody
    pagination_class = EntryPages

    def get_queryset(self) -> QuerySet[CreditEntry]:
        mine = CreditEntry.objects.filter(lot__user=member(self.request), lot__livemode=settings.STRIPE_LIVE_MODE)
        return mine.select_related("lot")
