"""Refunds, disputes and warnings, from Stripe's side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from billing import ledger, payments
from billing.errors import AccountBlocked
from billing.facts import read_session
from billing.models import CashEntry, Payment, PaymentStatus
from billing.signals import credits_granted
from billing.stripe_api import client
from billing.sweep import sweep
from billing.tests.giving import Give
from billing.tests.sessions import session_of
from billing.tests.standin.client import StandIn
from billing.tests.webhooks import Webhooks

DISPUTED_LATER = "4000000000000259"


@pytest.fixture
def pack(
    shop: StandIn, webhooks: Webhooks, user: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Payment:
    """Ten runs, paid and delivered."""
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(opened.payment))
    webhooks.deliver()
    return Payment.objects.get()


@pytest.fixture(autouse=True)
def _sound_in_the_end(db: None) -> Iterator[None]:
    yield
    call_command("audit_ledger", verbosity=0)


def charge_of(payment: Payment) -> str:
    charge = read_session(session_of(payment)).charge
    assert charge
    return charge.id


def use(user: User, runs: int) -> None:
    for number in range(runs):
        ledger.hold(reference=f"sim_{number}", user=user)
        ledger.capture(f"sim_{number}")


def status(payment: Payment) -> str:
    payment.refresh_from_db()
    return payment.status


def test_refund_takes_the_runs_back(pack: Payment, webhooks: Webhooks, user: User) -> None:
    client().v1.refunds.create({"charge": charge_of(pack)})
    webhooks.deliver()
    assert (status(pack), ledger.available(user)) == (PaymentStatus.REFUNDED, 0)


def test_partial_refunds_take_their_share_rounded_up(pack: Payment, webhooks: Webhooks, user: User) -> None:
    for left, amount in ((8, 100), (7, 100), (0, 600)):
        client().v1.refunds.create({"charge": charge_of(pack), "amount": amount})
        webhooks.deliver()
        assert ledger.available(user) == left
    assert dict(CashEntry.objects.filter(kind="refund").values_list("amount", "amount")) == {-100: -100, -600: -600}


def test_refund_of_used_runs_blocks_until_the_next_pack(
    pack: Payment, shop: StandIn, webhooks: Webhooks, user: User
) -> None:
    use(user, 7)
    client().v1.refunds.create({"charge": charge_of(pack)})
    webhooks.deliver()
    with pytest.raises(AccountBlocked):
        ledger.hold(reference="sim_blocked", user=user)
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(opened.payment))
    webhooks.deliver()
    assert ledger.available(user) == 3


def test_open_dispute_freezes_the_runs(pack: Payment, shop: StandIn, webhooks: Webhooks, user: User) -> None:
    shop.dispute(charge_of(pack))
    webhooks.deliver()
    assert (status(pack), ledger.available(user)) == (PaymentStatus.DISPUTED, 0)


def test_won_dispute_brings_the_runs_back(pack: Payment, shop: StandIn, webhooks: Webhooks, user: User) -> None:
    dispute = shop.dispute(charge_of(pack))
    webhooks.deliver()
    shop.close_dispute(dispute["id"], won=True)
    webhooks.deliver()
    assert (status(pack), ledger.available(user)) == (PaymentStatus.PAID, 10)


def test_won_dispute_starts_what_waited_for_its_runs(
    pack: Payment,
    shop: StandIn,
    webhooks: Webhooks,
    user: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    told: list[User] = []

    def listen(user: User, **kwargs: object) -> None:
        told.append(user)

    credits_granted.connect(listen)
    dispute = shop.dispute(charge_of(pack))
    webhooks.deliver()
    assert told == []
    shop.close_dispute(dispute["id"], won=True)
    with django_capture_on_commit_callbacks(execute=True):
        webhooks.deliver()
    credits_granted.disconnect(listen)
    assert told == [user]


def test_lost_dispute_takes_the_runs_and_books_money_and_fee(
    pack: Payment, shop: StandIn, webhooks: Webhooks, user: User
) -> None:
    use(user, 2)
    dispute = shop.dispute(charge_of(pack))
    shop.close_dispute(dispute["id"], won=False)
    webhooks.deliver()
    assert (status(pack), ledger.balance(user).debt) == (PaymentStatus.DISPUTED, 2)
    lost = CashEntry.objects.filter(stripe_id=dispute["id"]).values_list("kind", "amount")
    assert dict(lost) == {"dispute": -800, "fee": -2000}


def test_dispute_that_comes_with_the_payment_freezes_at_once(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(opened.payment), card=DISPUTED_LATER)
    webhooks.deliver()
    assert ledger.available(user) == 0


def test_fraud_warning_is_answered_with_a_refund(pack: Payment, shop: StandIn, webhooks: Webhooks, user: User) -> None:
    shop.fraud_warning(charge_of(pack))
    webhooks.deliver()
    webhooks.deliver()
    assert (status(pack), ledger.available(user)) == (PaymentStatus.REFUNDED, 0)
    assert CashEntry.objects.get(kind="refund").amount == -800


def test_forged_fraud_warning_refunds_nobody(pack: Payment, shop: StandIn, webhooks: Webhooks) -> None:
    event = shop.events("charge.succeeded")[0] | {"id": "evt_x", "type": "radar.early_fraud_warning.created"}
    event["data"] = {"object": {"id": "issfr_none", "object": "radar.early_fraud_warning", "charge": charge_of(pack)}}
    webhooks.send(event)
    assert status(pack) == PaymentStatus.PAID


def test_buyer_is_told_about_runs_and_returned_money(
    shop: StandIn, webhooks: Webhooks, user: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(opened.payment))
    with django_capture_on_commit_callbacks(execute=True):
        webhooks.deliver()
    client().v1.refunds.create({"charge": charge_of(opened.payment)})
    with django_capture_on_commit_callbacks(execute=True):
        webhooks.deliver()
    assert [letter.subject for letter in mail.outbox] == ["10 runs added to your account", "Your payment was returned"]
    assert "You can start 10 runs now" in mail.outbox[0].body
    assert "GBP 8.00" in mail.outbox[1].body
    letter = mail.outbox[0]
    assert isinstance(letter, EmailMultiAlternatives)
    assert [mimetype for _, mimetype in letter.alternatives] == ["text/html"]


def test_refund_that_fails_after_another_purchase_settled_its_debt(
    shop: StandIn, webhooks: Webhooks, user: User, give: Give, pack: Payment
) -> None:
    """The lot holds more than it was granted then: its own ten, and the one that the other lot gave for it."""
    ledger.hold(reference="sim_1", user=user)
    refund = client().v1.refunds.create({"payment_intent": pack.payment_intent})
    webhooks.deliver()
    give(10)
    ledger.release("sim_1")
    shop.fail_refund(refund.id)
    webhooks.deliver()
    assert sweep(days=1).failed == 0
    assert ledger.available(user) == 20
