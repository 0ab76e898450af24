"""What every address of the simulations API does before and after its own work."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rates
from accounts.authentication import ApiTokenAuthentication
from billing.api.base import CountedView
from billing.authentication import RunTokenAuthentication
from simulations.api import bodies
from simulations.api.parsers import FORM_FAULTS, FormParser, JsonParser, as_problem
from simulations.services.visitors import visitor_of
from simulations.visitor import Visitor


class ApiView(CountedView):
    """Refuses bodies by their size before it reads them, knows its visitor, counts requests.

    bucket: of the rate limit; None means the account's or the address's general one.
    """

    authentication_classes = [ApiTokenAuthentication, RunTokenAuthentication, SessionAuthentication]
    permission_classes = [AllowAny]
    parser_classes = [JsonParser, FormParser]
    bucket: ClassVar[str | None] = None
    judges_bodies: ClassVar[bool] = True

    visitor: Visitor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Authentication by session reads a form for its CSRF token, so the size comes first.
        bodies.guard(request._request)
        super().initial(request, *args, **kwargs)
        self.visitor = visitor_of(request)
        self.count(request)

    def count(self, request: Request) -> None:
        self.spend(self.bucket or rates.general_bucket(self.visitor))

    def spend(self, bucket: str) -> None:
        self.rate = rates.spend(bucket, self.visitor)

    def handle_exception(self, exc: Exception) -> Response:
        return super().handle_exception(as_problem(exc) if isinstance(exc, FORM_FAULTS) else exc)
