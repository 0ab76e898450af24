"""Rate limits that announce themselves (RateLimit-Policy and RateLimit, draft-ietf-httpapi-ratelimit-headers-10).

Fixed windows of a minute: one number a bucket and asker in the cache, which counts exactly however many ask at once.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core.cache import cache
from rest_framework.exceptions import APIException

from accounts.addresses import network_of
from accounts.models import User

log = logging.getLogger(__name__)

WINDOW_SECONDS = 60


class Asker(Protocol):
    """Whoever has an account counts by it, anybody else by the network of the address."""

    @property
    def user(self) -> User | None: ...
    @property
    def address(self) -> str: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """What is left of a bucket in this minute. key: of its number in the cache."""

    key: str
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

    def __init__(self, rate: Rate, words: str | None = None) -> None:
        ours = f"More than {rate.limit} requests a minute ({rate.bucket}). Go on in {rate.resets_in} s."
        super().__init__(words or ours)
        self.rate = rate
        self.headers = {**rate.headers, "Retry-After": str(rate.resets_in)}


def spend(bucket: str, asker: Asker) -> Rate:
    """Count one request. Raises TooManyRequests."""
    now = int(time.time())
    key = f"rate:{bucket}:{name_of(asker)}:{now // WINDOW_SECONDS}"
    rate = Rate(
        key=key,
        bucket=bucket,
        limit=settings.RATE_LIMITS[bucket],
        used=count(key, seconds=2 * WINDOW_SECONDS),
        resets_in=WINDOW_SECONDS - now % WINDOW_SECONDS,
    )
    if rate.used > rate.limit:
        raise TooManyRequests(rate)
    return rate


def give_back(rate: Rate) -> None:
    """Count one request less, in the minute in which it was counted."""
    count(rate.key, -1, seconds=2 * WINDOW_SECONDS)


def general_bucket(asker: Asker) -> str:
    return "anonymous" if asker.user is None else "account"


def count(key: str, more: int = 1, *, seconds: int) -> int:
    """The sum under this key, exact however many count at once; kept for `seconds` after the first.

    A cache that is away limits nobody and answers 0: better that than a site that is away.
    """
    try:
        return _incremented(key, more, seconds)
    except Exception as error:  # noqa: BLE001  each cache has errors of its own
        log.error("code=cache_away %s", error)  # noqa: TRY400  once a request is enough without its trace
        return 0


def name_of(asker: Asker) -> str:
    return f"user:{asker.user.pk}" if asker.user else f"address:{network_of(asker.address)}"


def _incremented(key: str, more: int, seconds: int) -> int:
    try:
        return cache.incr(key, more)
    except ValueError:
        # Of those who find no key one adds it. It outlives its window, so that nobody counts on from nothing.
        cache.add(key, 0, seconds)
        return cache.incr(key, more)
