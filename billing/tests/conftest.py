"""What the tests of money start from."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import User
from billing.grants import grant
from billing.models import CreditLot, LotSource, Payment, PaymentStatus

_numbers = itertools.count(1)


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user(f"buyer{next(_numbers)}@example.com")


@pytest.fixture
def give(user: User) -> Callable[..., CreditLot]:
    """give(10) makes a lot of ten goodwill runs for `user`; keyword arguments go to `grant`."""

    def make(quantity: int, source: LotSource = LotSource.GOODWILL, **fields: object) -> CreditLot:
        fields.setdefault("user", user)
        return grant(source=source, quantity=quantity, reference=f"test:{next(_numbers)}", **fields)

    return make


@pytest.fixture
def guest_payment(db: None) -> Payment:
    """A stranger's GBP 1, paid, with its run."""
    payment = Payment.objects.create(
        product="single_run",
        runs=1,
        amount=100,
        currency="gbp",
        livemode=False,
        status=PaymentStatus.PAID,
        paid_at=timezone.now(),
    )
    grant(source=LotSource.SINGLE_RUN, quantity=1, reference=payment.public_id, payment=payment, unit_value=100)
    return payment
