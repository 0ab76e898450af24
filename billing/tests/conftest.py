"""What the tests of money start from."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from djstripe.models import WebhookEndpoint
from pytest_django import Settings

from accounts.models import User
from billing.grants import grant
from billing.models import CreditLot, LotSource, Payment
from billing.tests.shops import open_shop, paid_by_a_guest
from billing.tests.standin.client import StandIn
from billing.tests.standin.fixtures import stripe_standin, stripe_standin_process
from billing.tests.webhooks import Webhooks

__all__ = ["stripe_standin", "stripe_standin_process"]

_numbers = itertools.count(1)


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user(f"buyer{next(_numbers)}@example.com")


@pytest.fixture
def give(user: User) -> Callable[..., CreditLot]:
    """give(10) makes a lot of ten goodwill runs for `user`; keyword arguments go to `grant`."""

    def make(quantity: int, source: LotSource = LotSource.GOODWILL, **fields: Any) -> CreditLot:
        fields.setdefault("user", user)
        return grant(source=source, quantity=quantity, reference=f"test:{next(_numbers)}", **fields)

    return make


@pytest.fixture
def guest_payment(db: None) -> Payment:
    """A stranger's GBP 1, paid, with its run."""
    return paid_by_a_guest()


@pytest.fixture
def shop(stripe_standin: StandIn, settings: Settings, db: None) -> Iterator[StandIn]:
    """The stand-in with our catalogue and webhook endpoint in it; its deliveries wait for `webhooks`."""
    with open_shop(stripe_standin, settings) as shop:
        yield shop


@pytest.fixture
def webhooks(shop: StandIn) -> Webhooks:
    """Delivers the stand-in's events to our endpoint, signed, when the test says so."""
    return Webhooks(shop, Client(raise_request_exception=False), WebhookEndpoint.objects.get())
