"""What the nightly sweep repairs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
import stripe
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from djstripe.models import Account, WebhookEventTrigger
from pytest_django import Settings

from accounts.models import User
from billing import ledger, payments
from billing.facts import read_session
from billing.models import CashEntry, CreditLot, Frozen, Payment, PaymentStatus
from billing.operations import KEEP_WEBHOOKS, forget_old_webhooks
from billing.reconcile import give_money_back, reconcile_session
from billing.signals import payment_settled
from billing.stripe_api import client
from billing.sweep import sweep
from billing.tests.giving import Give
from billing.tests.sessions import session_of
from billing.tests.standin.client import StandIn
from billing.tests.webhooks import kept

WEEK = timedelta(days=7)


def paid_single_run(shop: StandIn, simulation: str = "sim_1") -> Payment:
    opened = payments.open_payment(product="single_run", simulation=simulation)
    shop.pay(session_of(opened.payment))
    payment = reconcile_session(session_of(opened.payment))
    assert payment
    return payment


@pytest.fixture(autouse=True)
def _sound_in_the_end(db: None) -> Iterator[None]:
    yield
    call_command("audit_ledger", verbosity=0)


def test_lost_webhooks_are_fetched_and_followed(shop: StandIn, user: User) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(opened.payment))
    charge = read_session(session_of(opened.payment)).charge
    assert charge
    client().v1.refunds.create({"charge": charge.id, "amount": 400})
    shop.drop_deliveries()
    swept = sweep(days=3)
    assert (swept.failed, ledger.available(user)) == (0, 5)
    assert sweep(days=3).replayed == 0


def test_key_that_was_rolled_is_not_used_again(shop: StandIn, user: User, settings: Settings) -> None:
    rolled = settings.STRIPE_SECRET_KEY
    payments.open_payment(product="pack_10", user=user)
    settings.STRIPE_SECRET_KEY = "sk_test_" + "afterTheRoll" + "0" * 20
    assert Account.objects.get().default_api_key == rolled
    sweep(days=3)
    assert Account.objects.get().default_api_key == settings.STRIPE_SECRET_KEY


def test_renewal_whose_webhook_was_lost_still_grants_its_month(shop: StandIn, user: User) -> None:
    opened = payments.open_payment(product="pilot_250", user=user)
    shop.pay(session_of(opened.payment))
    shop.advance(read_session(session_of(opened.payment)).subscription)
    shop.drop_deliveries()
    sweep(days=60)
    assert CreditLot.objects.count() == 2


def test_unused_single_run_is_refunded_after_a_week_and_not_before(shop: StandIn) -> None:
    payment = paid_single_run(shop)
    with time_machine.travel(timezone.now() + WEEK - timedelta(minutes=1)):
        assert sweep(days=1).returned == 0
    with time_machine.travel(timezone.now() + WEEK + timedelta(minutes=1)):
        assert sweep(days=1).returned == 1
        assert sweep(days=1).returned == 0
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.REFUNDED
    assert CashEntry.objects.get(kind="refund").amount == -100


def test_used_single_run_is_not_refunded(shop: StandIn) -> None:
    ledger.hold(reference="sim_1", payment=paid_single_run(shop))
    ledger.capture("sim_1")
    with time_machine.travel(timezone.now() + 2 * WEEK):
        assert sweep(days=1).returned == 0


def test_run_that_starts_while_the_sweep_looks_is_not_refunded(shop: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    payment = paid_single_run(shop)
    seen = list(CreditLot.objects.select_related("payment"))
    ledger.hold(reference="sim_1", payment=payment)
    monkeypatch.setattr("billing.sweep._unused_lots", lambda: seen)
    sweep(days=1)
    payment.refresh_from_db()
    assert (payment.status, CashEntry.objects.filter(kind="refund").exists()) == (PaymentStatus.CONSUMED, False)


def test_entitlement_of_a_failed_run_is_refunded_when_nobody_uses_it(shop: StandIn) -> None:
    ledger.hold(reference="sim_1", payment=paid_single_run(shop))
    ledger.release("sim_1")
    with time_machine.travel(timezone.now() + 2 * WEEK):
        assert sweep(days=1).returned == 1


def test_pack_is_never_refunded_by_itself(shop: StandIn, user: User) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(opened.payment))
    reconcile_session(session_of(opened.payment))
    with time_machine.travel(timezone.now() + 10 * WEEK):
        assert sweep(days=1).returned == 0
    assert ledger.available(user) == 10


def test_refund_that_stripe_could_not_take_stays_frozen_and_is_finished_next_time(shop: StandIn) -> None:
    payment = paid_single_run(shop)
    shop.down(requests=10)
    with pytest.raises(stripe.StripeError):
        give_money_back(payment)
    shop.up()
    assert CreditLot.objects.get().frozen == Frozen.REFUND
    assert sweep(days=1).returned == 1
    assert Payment.objects.get().status == PaymentStatus.REFUNDED


def test_payment_whose_process_died_before_stripe_heard_of_it_is_closed(db: None, shop: StandIn) -> None:
    Payment.objects.create(product="single_run", runs=1, amount=100, currency="gbp", livemode=False)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        sweep(days=1)
    assert Payment.objects.get().status == PaymentStatus.EXPIRED


def test_payment_that_was_never_paid_is_closed_although_nobody_told_us(shop: StandIn) -> None:
    opened = payments.open_payment(product="single_run")
    shop.expire_session(session_of(opened.payment))
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        sweep(days=1)
    assert Payment.objects.get().status == PaymentStatus.EXPIRED


def test_paid_simulation_that_has_not_begun_is_announced_again(shop: StandIn) -> None:
    paid_single_run(shop, "sim_kept")
    told = []
    payment_settled.connect(lambda payment, **rest: told.append(payment.simulation), weak=False, dispatch_uid="test")
    sweep(days=1)
    payment_settled.disconnect(dispatch_uid="test")
    assert told == ["sim_kept"]


def test_lapsed_runs_are_written_off(shop: StandIn, give: Give) -> None:
    give(5, expires_at=timezone.now() - timedelta(seconds=1))
    assert sweep(days=1).lapsed == 1


def test_command_says_what_it_did(shop: StandIn) -> None:
    said = StringIO()
    call_command("reconcile_stripe", stdout=said)
    assert said.getvalue().startswith("lapsed 0, replayed 0")


def test_command_fails_when_stripe_is_down(shop: StandIn) -> None:
    shop.down(requests=10)
    with pytest.raises(CommandError, match="Stripe says no"):
        call_command("reconcile_stripe")
    shop.up()


def test_sweep_of_a_site_that_stopped_selling_stays_and_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it ended, whatever keeps processes alive would start it again and again."""
    settings.STRIPE_ENABLED = False
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("billing.management.commands.reconcile_stripe.time.sleep", sleep)
    monkeypatch.setattr("billing.management.commands.reconcile_stripe.close_old_connections", lambda: None)
    said = StringIO()
    with pytest.raises(KeyboardInterrupt):
        call_command("reconcile_stripe", "--every", "3600", stderr=said)
    assert said.getvalue().count("STRIPE_ENABLED is off") == 2


def test_old_webhooks_are_forgotten() -> None:
    with time_machine.travel(timezone.now() - KEEP_WEBHOOKS - timedelta(days=1)):
        kept()
    new = kept()
    assert forget_old_webhooks() == 1
    assert WebhookEventTrigger.objects.get() == new


def test_one_thing_that_fails_stops_no_other(shop: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it fails by: the others are somebody else's money."""
    broken, fine = (
        payments.open_payment(product="single_run", simulation=f"sim_{number}").payment for number in (1, 2)
    )
    for payment in (broken, fine):
        shop.pay(session_of(payment))
    look = reconcile_session

    def unless_broken(session: str) -> Payment | None:
        if session == session_of(broken):
            raise ZeroDivisionError
        return look(session)

    monkeypatch.setattr("billing.reconcile.reconcile_session", unless_broken)
    with time_machine.travel(timezone.now() + timedelta(days=1, hours=1)):
        assert sweep(days=0).failed == 1
    fine.refresh_from_db()
    assert fine.status == PaymentStatus.PAID
