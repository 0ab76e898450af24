"""The door to Stripe, or to the stand-in: one client, and its failures as one error of ours."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import stripe
from django.conf import settings

from billing.errors import SellingDisabled, StripeUnavailable

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 15


def client() -> stripe.StripeClient:
    """Raises SellingDisabled when there is neither a key nor a stand-in."""
    if not configured():
        raise SellingDisabled
    return _client(settings.STRIPE_SECRET_KEY, getattr(settings, "STRIPE_API_HOST", stripe.DEFAULT_API_BASE))


def configured() -> bool:
    """Whether there is somebody to take the money."""
    return bool(settings.STRIPE_SECRET_KEY)


@contextmanager
def stripe_errors_as_unavailable(task: str) -> Iterator[None]:
    """Whatever Stripe says no to becomes StripeUnavailable; the log keeps what and why."""
    try:
        yield
    except stripe.StripeError as error:
        log.exception("stripe task=%s code=%s request=%s", task, error.code, error.request_id)
        raise StripeUnavailable from error


@lru_cache(maxsize=4)
def _client(key: str, host: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        stripe_version=settings.STRIPE_API_VERSION,
        base_addresses={"api": host},
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        max_network_retries=1,
    )
