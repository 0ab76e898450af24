"""How often one address may poll payments: enough for every second, not for guessing secrets."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from accounts.addresses import address_of, network_of


class _PerAddress(SimpleRateThrottle):
    bucket: ClassVar[str]

    def get_rate(self) -> str:
        return f"{settings.RATE_LIMITS[self.bucket]}/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"throttle:{self.scope}:{network_of(address_of(request))}"


class PollThrottle(_PerAddress):
    scope = bucket = "poll"


class CheckoutThrottle(_PerAddress):
    """Each opens a session at Stripe, which takes so many requests a second from all of us together."""

    scope = bucket = "checkout"


def pace_checkout(request: HttpRequest) -> None:
    """The same count for pages, whose buttons lead to Stripe too. Raises Throttled."""
    throttle = CheckoutThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]  # it reads META only
        raise Throttled(throttle.wait(), "You asked for too many payments within a minute; nothing was kept.")
