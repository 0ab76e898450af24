"""Whom the tests of money buy from and what a stranger's purchase leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from billing.grants import grant
from billing.models import LotSource, Payment, PaymentStatus
from billing.tests.standin.client import StandIn


@contextmanager
def open_shop(standin: StandIn, settings: Settings) -> Iterator[StandIn]:
    """The stand-in with our catalogue and webhook endpoint in it; its deliveries wait until they are asked for."""
    cache.clear()  # Redis keeps its counts of requests when the database is rolled back
    settings.STRIPE_API_HOST = settings.STRIPE_STANDIN_URL = standin.base_url
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stripe.api_base", standin.base_url)
        standin.webhooks(paused=True)
        call_command("setup_stripe", verbosity=0)
        yield standin


def paid_by_a_guest(**fields: Any) -> Payment:
    """A stranger's GBP 1, paid, with its run, as fulfilment leaves it."""
    payment = Payment.objects.create(
        product="single_run",
        runs=1,
        amount=100,
        currency="gbp",
        livemode=False,
        status=PaymentStatus.PAID,
        paid_at=timezone.now(),
        **fields,
    )
    grant(source=LotSource.SINGLE_RUN, quantity=1, reference=payment.public_id, payment=payment, unit_value=100)
    return payment
