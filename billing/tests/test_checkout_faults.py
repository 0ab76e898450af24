"""What goes wrong between the click and the money."""

from __future__ import annotations

import pytest
from django.test import Client
from djstripe.models import Customer
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from billing import ledger, payments, reconcile
from billing.errors import (
    AccountBlocked,
    AlreadySubscribed,
    FactsDisagree,
    NothingToPay,
    SellingDisabled,
    StripeUnavailable,
)
from billing.models import CashEntry, CreditLot, Payment, PaymentStatus
from billing.stripe_api import client as stripe_client
from billing.tests.giving import Give
from billing.tests.sessions import session_of
from billing.tests.standin.client import ControlRefused, StandIn
from billing.tests.webhooks import Webhooks

DECLINED, NO_FUNDS = "4000000000000002", "4000000000009995"


@pytest.mark.parametrize("how", ["error", "hang_up"])
def test_stripe_down_during_checkout_keeps_nothing(shop: StandIn, how: str) -> None:
    shop.down(requests=10, how=how)
    with pytest.raises(StripeUnavailable):
        payments.open_payment(product="single_run", simulation="sim_1")
    assert not Payment.objects.exists()


def test_answer_that_got_lost_is_asked_for_again_and_makes_one_session(shop: StandIn) -> None:
    shop.down(requests=1, how="lose_answer")
    opened = payments.open_payment(product="single_run")
    assert shop.pay(session_of(opened.payment)) is None


def test_stripe_down_is_told_as_503_with_retry_after(shop: StandIn, client: Client) -> None:
    shop.down(requests=10)
    answer = client.post("/pay", {"product": "single_run"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (503, "stripe_unavailable")
    assert answer.headers["Retry-After"] == "30"


def test_payment_stays_open_while_the_buyer_looks_for_another_card(shop: StandIn) -> None:
    """Somebody polls meanwhile, and Stripe's intent says the same as after a bank payment that did not come."""
    opened = payments.open_payment(product="single_run")
    assert shop.pay(session_of(opened.payment), card=DECLINED)
    reconcile.reconcile_session(session_of(opened.payment))
    assert Payment.objects.get().status == PaymentStatus.OPEN
    assert shop.pay(session_of(opened.payment)) is None
    reconcile.reconcile_session(session_of(opened.payment))
    assert Payment.objects.get().status == PaymentStatus.PAID


@pytest.mark.parametrize("card", [DECLINED, NO_FUNDS])
def test_declined_card_grants_nothing_and_the_buyer_can_try_another(
    shop: StandIn, webhooks: Webhooks, user: User, card: str
) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    assert shop.pay(session_of(opened.payment), card=card)
    webhooks.deliver()
    assert ledger.available(user) == 0
    assert shop.pay(session_of(opened.payment)) is None
    webhooks.deliver()
    assert ledger.available(user) == 10


def test_delayed_payment_is_processing_until_the_money_is_there(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay_by_bank(session_of(opened.payment))
    webhooks.deliver()
    opened.payment.refresh_from_db()
    assert (opened.payment.status, ledger.available(user)) == (PaymentStatus.PROCESSING, 0)
    shop.settle(session_of(opened.payment))
    webhooks.deliver()
    assert ledger.available(user) == 10


def test_delayed_payment_that_fails_closes_the_payment(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay_by_bank(session_of(opened.payment))
    shop.settle(session_of(opened.payment), succeeds=False)
    webhooks.deliver()
    opened.payment.refresh_from_db()
    assert (opened.payment.status, ledger.available(user)) == (PaymentStatus.EXPIRED, 0)


def test_expired_session_closes_the_payment(shop: StandIn, webhooks: Webhooks) -> None:
    opened = payments.open_payment(product="single_run")
    shop.expire_session(session_of(opened.payment))
    webhooks.deliver()
    opened.payment.refresh_from_db()
    assert opened.payment.status == PaymentStatus.EXPIRED


def test_closed_payment_opens_again_with_a_new_session(shop: StandIn, webhooks: Webhooks) -> None:
    opened = payments.open_payment(product="single_run")
    first = session_of(opened.payment)
    shop.expire_session(first)
    webhooks.deliver()
    assert payments.reopen(Payment.objects.get())
    payment = Payment.objects.get()
    assert (payment.status, payment.checkout_session != first) == (PaymentStatus.OPEN, True)
    reconcile.reconcile_session(first)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.OPEN


def test_reopening_while_stripe_is_down_leaves_it_closed(shop: StandIn, webhooks: Webhooks) -> None:
    opened = payments.open_payment(product="single_run")
    shop.expire_session(session_of(opened.payment))
    webhooks.deliver()
    shop.down(requests=10)
    with pytest.raises(StripeUnavailable):
        payments.reopen(Payment.objects.get())
    assert Payment.objects.get().status == PaymentStatus.EXPIRED


def test_double_click_leaves_one_checkout_that_can_be_paid(shop: StandIn, user: User) -> None:
    first, second = (payments.open_payment(product="pack_10", user=user) for _ in range(2))
    first.payment.refresh_from_db()
    assert first.payment.status == PaymentStatus.EXPIRED
    assert shop.pay(session_of(second.payment)) is None
    assert Customer.objects.filter(subscriber=user).count() == 1


def test_two_tabs_for_one_simulation_pay_once(shop: StandIn, webhooks: Webhooks) -> None:
    first, second = (payments.open_payment(product="single_run", simulation="sim_1") for _ in range(2))
    assert shop.pay(session_of(second.payment)) is None
    webhooks.deliver()
    assert Payment.objects.get(pk=first.payment.pk).status == PaymentStatus.EXPIRED
    assert CashEntry.objects.filter(kind="payment").count() == 1


def test_tab_paid_while_another_opens_is_paid(shop: StandIn, user: User) -> None:
    first = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(first.payment))
    payments.open_payment(product="pack_10", user=user)
    first.payment.refresh_from_db()
    assert (first.payment.status, ledger.available(user)) == (PaymentStatus.PAID, 10)


def test_run_that_got_its_credit_elsewhere_cannot_be_paid_for_any_more(
    shop: StandIn, user: User, give: Give, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    opened = payments.open_payment(product="single_run", user=user, simulation="sim_1")
    give(10)
    with django_capture_on_commit_callbacks(execute=True):
        ledger.hold(reference="sim_1", user=user)
    with pytest.raises(ControlRefused, match="expired"):
        shop.pay(session_of(opened.payment))
    opened.payment.refresh_from_db()
    assert opened.payment.status == PaymentStatus.EXPIRED


def test_promotion_of_everything_grants_without_a_charge(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    coupon = stripe_client().v1.coupons.create({"percent_off": 100, "duration": "once"})
    stripe_client().v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "LAUNCH"})
    opened = payments.open_payment(product="pack_10", user=user)
    assert shop.promote(session_of(opened.payment), "LAUNCH") is None
    assert shop.pay(session_of(opened.payment)) is None
    webhooks.deliver()
    assert (ledger.available(user), CreditLot.objects.get().unit_value) == (10, 0)
    assert not CashEntry.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("amount", 1), ("currency", "eur"), ("livemode", True)])
def test_nothing_is_granted_when_stripe_tells_of_other_money(
    shop: StandIn, user: User, field: str, value: object
) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(opened.payment))
    Payment.objects.update(**{field: value})
    with pytest.raises(FactsDisagree):
        reconcile.reconcile_session(session_of(opened.payment))
    assert not CreditLot.objects.exists()


def test_second_plan_is_refused(shop: StandIn, webhooks: Webhooks, user: User) -> None:
    opened = payments.open_payment(product="pilot_250", user=user)
    shop.pay(session_of(opened.payment))
    webhooks.deliver()
    with pytest.raises(AlreadySubscribed):
        payments.open_payment(product="pilot_250", user=user)


def test_debt_that_the_product_would_not_settle_is_refused(shop: StandIn, user: User, give: Give) -> None:
    CreditLot.objects.filter(pk=give(20).pk).update(remaining=0, debt=10)
    with pytest.raises(AccountBlocked):
        payments.open_payment(product="pack_10", user=user)


def test_site_without_key_and_stand_in_refuses_to_sell(db: None, settings: Settings, client: Client) -> None:
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(SellingDisabled):
        payments.open_payment(product="single_run")
    answer = client.post("/pay", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (503, "payments_not_configured")


def test_free_site_has_nothing_to_pay(db: None, settings: Settings) -> None:
    settings.STRIPE_ENABLED = False
    with pytest.raises(NothingToPay):
        payments.open_payment(product="single_run")
