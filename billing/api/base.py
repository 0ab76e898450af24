"""What every address of the money API does before and after its own work."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.views import APIView

from accounts import rates
from accounts.addresses import address_of
from accounts.models import User
from billing.pace import Payer, pace


class CountedView(APIView):
    """Says in headers what is left of a rate limit, and lets nobody in between keep an answer."""

    rate: rates.Rate | None = None

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        for name, value in (self.rate.headers if self.rate else {}).items():
            final.headers.setdefault(name, value)
        final.headers.setdefault("Cache-Control", "no-store")
        return final


class MoneyView(CountedView):
    """bucket: of a limit of its own, by network; None means the account's or the address's general one."""

    bucket: ClassVar[str | None] = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.rate = pace(bucket, request) if (bucket := self.bucket_of(request)) else _spent(request)

    def bucket_of(self, request: Request) -> str | None:
        return self.bucket


def _spent(request: Request) -> rates.Rate:
    payer = Payer(user_of(request), address_of(request))
    return rates.spend(rates.general_bucket(payer), payer)


def user_of(request: Request) -> User | None:
    return request.user if isinstance(request.user, User) else None
