"""Refunds, debts, freezes and the end of a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from billing import ledger
from billing.errors import OutOfCredit
from billing.grants import forgive
from billing.models import CreditLot, Frozen
from billing.takebacks import expire_due, freeze, take_back, unfreeze
from billing.tests.audits import assert_ledger_is_sound
from billing.tests.giving import Give


@pytest.fixture(autouse=True)
def _sound_in_the_end(db: None) -> Iterator[None]:
    yield
    assert_ledger_is_sound()


def use(user: User, runs: int, *, prefix: str = "sim") -> None:
    for number in range(runs):
        ledger.hold(reference=f"{prefix}_{number}", user=user)
        ledger.capture(f"{prefix}_{number}")


def test_refund_voids_what_is_left(user: User, give: Give) -> None:
    take_back(give(10), runs=10, cause="ch_1")
    assert (ledger.available(user), ledger.balance(user).debt) == (0, 0)


def test_partial_refund_takes_its_share(user: User, give: Give) -> None:
    take_back(give(10), runs=5, cause="ch_1")
    assert ledger.available(user) == 5


def test_refund_said_again_takes_nothing_more(user: User, give: Give) -> None:
    lot = give(10)
    assert take_back(lot, runs=5, cause="ch_1")
    assert not take_back(lot, runs=5, cause="ch_1")
    assert ledger.available(user) == 5


def test_used_runs_of_a_refunded_lot_become_a_debt(user: User, give: Give) -> None:
    lot = give(10)
    use(user, 7)
    take_back(lot, runs=10, cause="ch_1")
    assert (ledger.available(user), ledger.balance(user).debt) == (0, 7)


def test_next_pack_settles_the_debt(user: User, give: Give) -> None:
    lot = give(10)
    use(user, 7)
    take_back(lot, runs=10, cause="ch_1")
    give(10)
    assert (ledger.available(user), ledger.balance(user).debt) == (3, 0)


def test_owner_can_forgive_a_debt(user: User, give: Give) -> None:
    lot = give(3)
    use(user, 3)
    take_back(lot, runs=3, cause="ch_1")
    forgive(lot, reference="owner:1")
    assert ledger.balance(user).debt == 0


def test_refund_while_a_run_is_under_way_leaves_no_debt_when_the_run_fails(user: User, give: Give) -> None:
    lot = give(1)
    ledger.hold(reference="sim_1", user=user)
    take_back(lot, runs=1, cause="ch_1")
    assert ledger.balance(user).debt == 1
    ledger.release("sim_1")
    assert (ledger.balance(user).debt, ledger.available(user)) == (0, 0)


def test_failed_refund_gives_the_runs_back(user: User, give: Give) -> None:
    lot = give(10)
    use(user, 2)
    take_back(lot, runs=10, cause="ch_1")
    take_back(lot, runs=0, cause="ch_1")
    assert (ledger.available(user), ledger.balance(user).debt) == (8, 0)


def test_won_dispute_thaws_the_lot(user: User, give: Give) -> None:
    lot = give(10)
    freeze(lot, Frozen.DISPUTE)
    assert ledger.available(user) == 0
    unfreeze(lot, Frozen.DISPUTE)
    assert ledger.available(user) == 10


def test_thaw_for_one_reason_leaves_another_freeze_alone(give: Give) -> None:
    lot = give(10)
    freeze(lot, Frozen.REFUND)
    unfreeze(lot, Frozen.DISPUTE)
    lot.refresh_from_db()
    assert lot.frozen == Frozen.REFUND


def test_months_runs_lapse_at_its_end(user: User, give: Give) -> None:
    lot = give(250, expires_at=timezone.now() + timedelta(days=30))
    use(user, 3)
    CreditLot.objects.filter(pk=lot.pk).update(expires_at=timezone.now())
    assert expire_due() == 1
    assert expire_due() == 0
    with pytest.raises(OutOfCredit):
        ledger.hold(reference="sim_late", user=user)


def test_run_that_fails_after_the_month_ended_lapses_too(user: User, give: Give) -> None:
    lot = give(2, expires_at=timezone.now() + timedelta(days=30))
    ledger.hold(reference="sim_1", user=user)
    CreditLot.objects.filter(pk=lot.pk).update(expires_at=timezone.now())
    expire_due()
    ledger.release("sim_1")
    assert expire_due() == 1
    lot.refresh_from_db()
    assert lot.remaining == 0


def test_refund_of_a_lapsed_month_asks_only_for_what_was_used(user: User, give: Give) -> None:
    lot = give(250, expires_at=timezone.now() + timedelta(days=30))
    use(user, 100)
    CreditLot.objects.filter(pk=lot.pk).update(expires_at=timezone.now())
    expire_due()
    take_back(lot, runs=125, cause="ch_1")
    assert ledger.balance(user).debt == 0
    take_back(lot, runs=250, cause="ch_1")
    assert ledger.balance(user).debt == 100
