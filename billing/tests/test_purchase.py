"""From an open payment to runs, against the stand-in."""

from __future__ import annotations

import pytest

from accounts.models import User
from billing import ledger, payments, reconcile
from billing.models import CashEntry, CreditLot, PaymentStatus
from billing.tests.sessions import session_of
from billing.tests.standin.client import StandIn
from billing.tests.webhooks import Webhooks


def test_webhook_turns_a_paid_checkout_into_runs(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    assert shop.pay(session_of(opened.payment)) is None
    assert "checkout.session.completed" in webhooks.deliver()
    opened.payment.refresh_from_db()
    assert (opened.payment.status, ledger.available(user)) == (PaymentStatus.PAID, 10)


def test_money_of_a_pack_is_booked_with_its_fee(shop: StandIn, user: User) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(opened.payment))
    reconcile.reconcile_session(session_of(opened.payment))
    booked = dict(CashEntry.objects.values_list("kind", "amount"))
    assert booked == {"payment": 800, "fee": -32}
    assert CreditLot.objects.get().unit_value == 80


@pytest.mark.parametrize("first", ["webhook", "return page"])
def test_webhook_and_return_page_grant_once_in_either_order(
    shop: StandIn, webhooks: Webhooks, user: User, first: str
) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(opened.payment))
    steps = [webhooks.deliver, lambda: reconcile.reconcile_session(session_of(opened.payment))]
    for step in steps if first == "webhook" else reversed(steps):
        step()
    assert ledger.available(user) == 10
