"""One thing, several payments: at most one of them can be paid."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from billing import checkout, ledger, ownership, payments
from billing.models import Payment, PaymentStatus
from billing.prices import Price
from billing.tests.giving import Give
from billing.tests.sessions import session_of
from billing.tests.standin.client import ControlRefused, StandIn


@pytest.fixture
def awaited(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The simulations that wait for money."""
    waiting = {"sim_1"}
    answers = (lambda request, simulation: True, waiting.__contains__)
    monkeypatch.setattr(ownership, "_answers", [answers])
    return waiting


def open_payments() -> list[Payment]:
    return list(Payment.objects.filter(status=PaymentStatus.OPEN))


def test_opening_an_older_link_again_closes_the_newer_one(shop: StandIn, user: User, awaited: set[str]) -> None:
    one, two = (payments.open_payment(product="single_run", user=user, simulation="sim_1") for _ in range(2))
    one.payment.refresh_from_db()
    assert payments.reopen(one.payment)
    assert open_payments() == [one.payment]
    with pytest.raises(ControlRefused):
        shop.pay(session_of(two.payment))


def test_link_of_a_run_that_has_its_credit_is_not_opened_again(
    shop: StandIn,
    user: User,
    give: Give,
    awaited: set[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    payment = payments.open_payment(product="single_run", user=user, simulation="sim_1").payment
    give(10)
    with django_capture_on_commit_callbacks(execute=True):
        ledger.hold(reference="sim_1", user=user)
    awaited.clear()
    payment.refresh_from_db()
    assert (payment.status, payments.reopen(payment)) == (PaymentStatus.EXPIRED, "")
    assert open_payments() == []


def test_of_two_clicks_at_once_one_can_be_paid(shop: StandIn, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one has its session before the first."""
    create = checkout.create_session
    faster: list[Payment | None] = []

    def slow(payment: Payment, price: Price) -> Any:
        if not faster:
            faster.append(None)
            faster[0] = payments.open_payment(product="pack_10", user=user).payment
        return create(payment, price)

    monkeypatch.setattr(checkout, "create_session", slow)
    slower = payments.open_payment(product="pack_10", user=user).payment
    assert open_payments() == faster
    with pytest.raises(ControlRefused):
        shop.pay(session_of(slower))
