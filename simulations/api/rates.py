"""Rate limits that announce themselves (RateLimit-Policy and RateLimit, draft-ietf-httpapi-ratelimit-headers-10).

Fixed windows of a minute: one number a bucket and asker in the cache.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from rest_framework.exceptions import APIException

from simulations.visitor import Visitor

WINDOW_SECONDS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """What is left of a bucket in this minute."""

    bucket: str
    limit: int
    used: int
    resets_in: int

    @property
    def headers(self) -> dict[str, str]:
        left = max(0, self.limit - self.used)
        return {
            "RateLimit-Policy": f'"{self.bucket}";q={self.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"{self.bucket}";r={left};t={self.resets_in}',
        }


class TooManyRequests(APIException):
    status_code = 429
    default_code = "throttled"

    def __init__(self, rate: Rate) -> None:
        super().__init__(f"More than {rate.limit} requests a minute ({rate.bucket}). Go on in {rate.resets_in} s.")
        self.headers = {**rate.headers, "Retry-After": str(rate.resets_in)}


def spend(bucket: str, visitor: Visitor) -> Rate:
    """Count one request. Raises TooManyRequests."""
    now = int(time.time())
    key = f"rate:{bucket}:{_asker(visitor)}:{now // WINDOW_SECONDS}"
    used = cache.get(key, 0) + 1
    cache.set(key, used, WINDOW_SECONDS)
    rate = Rate(
        bucket=bucket,
        limit=settings.RATE_LIMITS[bucket],
        used=used,
        resets_in=WINDOW_SECONDS - now % WINDOW_SECONDS,
    )
    if used > rate.limit:
        raise TooManyRequests(rate)
    return rate


def general_bucket(visitor: Visitor) -> str:
    return "anonymous" if visitor.user is None else "account"


def _asker(visitor: Visitor) -> str:
    return f"user:{visitor.user.pk}" if visitor.user else f"address:{visitor.address}"
