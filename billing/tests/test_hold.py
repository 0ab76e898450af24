"""hold > capture | release."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from billing import ledger, payments
from billing.errors import AccountBlocked, HoldEnded, OutOfCredit
from billing.models import Frozen, LotSource, Payment, PaymentStatus
from billing.takebacks import freeze, take_back
from billing.tests.audits import assert_ledger_is_sound
from billing.tests.giving import Give
from billing.tests.shops import paid_by_a_guest


def test_hold_takes_one_run(user: User, give: Give) -> None:
    give(3)
    ledger.hold(reference="sim_1", user=user)
    assert ledger.available(user) == 2
    assert ledger.balance(user).held == 1


def test_hold_without_credit_is_out_of_credit(user: User) -> None:
    with pytest.raises(OutOfCredit):
        ledger.hold(reference="sim_1", user=user)


def test_hold_twice_for_one_run_takes_one(user: User, give: Give) -> None:
    give(3)
    ledger.hold(reference="sim_1", user=user)
    ledger.hold(reference="sim_1", user=user)
    assert ledger.available(user) == 2


def test_captured_run_is_charged_and_stays_charged(user: User, give: Give) -> None:
    give(3)
    ledger.hold(reference="sim_1", user=user)
    ledger.capture("sim_1")
    ledger.release("sim_1")
    ledger.capture("sim_1")
    assert (ledger.available(user), ledger.charged("sim_1"), ledger.balance(user).held) == (2, 1, 0)


def test_failed_run_gives_the_credit_back_once(user: User, give: Give) -> None:
    give(3)
    ledger.hold(reference="sim_1", user=user)
    ledger.release("sim_1")
    ledger.release("sim_1")
    ledger.capture("sim_1")
    assert (ledger.available(user), ledger.charged("sim_1")) == (3, 0)


def test_ended_hold_cannot_be_held_again(user: User, give: Give) -> None:
    give(3)
    ledger.hold(reference="sim_1", user=user)
    ledger.release("sim_1")
    with pytest.raises(HoldEnded):
        ledger.hold(reference="sim_1", user=user)


def test_ending_what_was_never_held_changes_nothing(user: User, give: Give) -> None:
    give(1)
    ledger.capture("sim_1")
    ledger.release("sim_1")
    assert (ledger.available(user), ledger.charged("sim_1")) == (1, 0)


def test_draws_trial_then_soonest_expiry_then_free_then_oldest(user: User, give: Give) -> None:
    soon, late = (timezone.now() + timedelta(days=days) for days in (3, 20))
    oldest, youngest = give(1), give(1)
    expiring_late = give(1, expires_at=late)
    expiring_soon = give(1, expires_at=soon)
    trial = give(1, LotSource.TRIAL, expires_at=late)
    for number, lot in enumerate((trial, expiring_soon, expiring_late, oldest, youngest)):
        ledger.hold(reference=f"sim_{number}", user=user)
        lot.refresh_from_db()
        assert lot.remaining == 0


def test_expired_runs_are_not_drawn(user: User, give: Give) -> None:
    give(5, expires_at=timezone.now() - timedelta(seconds=1))
    assert ledger.available(user) == 0
    with pytest.raises(OutOfCredit):
        ledger.hold(reference="sim_1", user=user)


def test_live_and_test_credits_never_mix(user: User, give: Give, settings: Settings) -> None:
    give(5)
    settings.STRIPE_LIVE_MODE = True
    assert ledger.available(user) == 0
    with pytest.raises(OutOfCredit):
        ledger.hold(reference="sim_1", user=user)


def test_nobody_draws_from_another_account(user: User, give: Give) -> None:
    give(5)
    with pytest.raises(OutOfCredit):
        ledger.hold(reference="sim_1", user=User.objects.create_user("other@example.com"))


def test_frozen_runs_block_and_say_why(user: User, give: Give) -> None:
    freeze(give(5), Frozen.DISPUTE)
    with pytest.raises(AccountBlocked, match="frozen while a dispute"):
        ledger.hold(reference="sim_1", user=user)


def test_debt_blocks_new_runs_even_when_other_runs_are_left(user: User, give: Give) -> None:
    refunded, other = give(2), give(1, LotSource.TRIAL)
    for number in range(2):
        ledger.hold(reference=f"sim_{number}", user=user)
        ledger.capture(f"sim_{number}")
    take_back(refunded, runs=2, cause="ch_1")
    other.refresh_from_db()
    assert (ledger.balance(user).debt, other.remaining) == (1, 0)
    with pytest.raises(AccountBlocked, match="1 run of a refunded"):
        ledger.hold(reference="sim_2", user=user)


def test_paid_run_of_a_guest_is_consumed_by_its_hold(guest_payment: Payment) -> None:
    ledger.hold(reference="sim_1", payment=guest_payment)
    guest_payment.refresh_from_db()
    assert (guest_payment.status, guest_payment.simulation) == (PaymentStatus.CONSUMED, "sim_1")
    with pytest.raises(OutOfCredit):
        ledger.hold(reference="sim_2", payment=guest_payment)


def test_payment_alone_gives_its_own_run_and_no_other_of_its_account(user: User, give: Give) -> None:
    """Two requests with one run token at once."""
    give(5)
    payment = paid_by_a_guest(user=user)
    ledger.hold(reference="sim_1", payment=payment, is_new=True)
    with pytest.raises(OutOfCredit):
        ledger.hold(reference="sim_2", payment=payment, is_new=True)
    assert ledger.available(user) == 5


def test_debt_blocks_a_run_with_a_payment_of_its_own(user: User, give: Give) -> None:
    pack = give(10)
    for number in range(4):
        ledger.hold(reference=f"sim_{number}", user=user)
        ledger.capture(f"sim_{number}")
    take_back(pack, runs=10, cause="ch_1")
    with pytest.raises(AccountBlocked):
        ledger.hold(reference="sim_1x", user=user, payment=paid_by_a_guest(user=user))


def test_failed_run_of_a_guest_gives_the_entitlement_back(guest_payment: Payment) -> None:
    ledger.hold(reference="sim_1", payment=guest_payment)
    ledger.release("sim_1")
    guest_payment.refresh_from_db()
    assert guest_payment.status == PaymentStatus.PAID
    ledger.hold(reference="sim_2", payment=guest_payment)


def test_nothing_is_charged_when_selling_is_off(user: User, settings: Settings) -> None:
    settings.STRIPE_ENABLED = False
    assert not ledger.charging()
    ledger.hold(reference="sim_1", user=user)
    ledger.capture("sim_1")
    assert ledger.charged("sim_1") == 0


def test_what_a_guest_paid_is_the_accounts_after_signing_in(user: User) -> None:
    """The run that it was for failed; the credit is there for another one."""
    mine, somebodys = (paid_by_a_guest(simulation=f"sim_{number}") for number in (1, 2))
    ledger.hold(reference="sim_1", payment=mine)
    payments.adopt(["sim_1"], user)
    ledger.release("sim_1")
    assert ledger.available(user) == 1
    ledger.hold(reference="sim_3", user=user)
    somebodys.refresh_from_db()
    assert somebodys.user is None
    assert_ledger_is_sound()
