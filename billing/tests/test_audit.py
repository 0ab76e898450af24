"""audit_ledger finds what is wrong. Each test breaks one thing behind the ledger's back."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from billing import ledger
from billing.audit import INVARIANTS, findings
from billing.models import CashEntry, CreditEntry, CreditLot, Frozen, Payment, PaymentStatus
from billing.tests.giving import Give


def found() -> set[str]:
    return {finding.invariant for finding in findings()}


@pytest.fixture
def lot(user: User, give: Give) -> CreditLot:
    """Ten runs, one used, one under way."""
    made = give(10)
    for number in range(2):
        ledger.hold(reference=f"sim_{number}", user=user)
    ledger.capture("sim_0")
    made.refresh_from_db()
    return made


def change(lot: CreditLot, **fields: object) -> None:
    CreditLot.objects.filter(pk=lot.pk).update(**fields)


def add(lot: CreditLot, kind: str, delta: int, reference: str = "x") -> None:
    CreditEntry.objects.create(lot=lot, kind=kind, delta=delta, reference=reference)


def cash(payment: Payment, **fields: object) -> None:
    row = {"kind": "payment", "amount": 100, "currency": "gbp", "livemode": False, "stripe_id": "ch_1"} | fields
    CashEntry.objects.create(payment=payment, occurred_at=timezone.now(), **row)


def test_sound_ledger_passes_and_says_how_much_it_saw(lot: CreditLot, guest_payment: Payment) -> None:
    said = StringIO()
    call_command("audit_ledger", stdout=said)
    assert f"{len(INVARIANTS)} invariants hold over 2 lots, 5 entries, 1 payments." in said.getvalue()


def test_command_fails_with_the_first_finding(lot: CreditLot) -> None:
    change(lot, remaining=7)
    with pytest.raises(CommandError, match=lot.public_id):
        call_command("audit_ledger")


def test_counter_that_was_changed_is_found(lot: CreditLot) -> None:
    change(lot, remaining=7)
    assert "a lot's remaining runs less its debt are the sum of its entries" in found()


def test_held_that_was_changed_is_found(lot: CreditLot) -> None:
    change(lot, held=0)
    assert "a lot's held runs are its holds that have not ended" in found()


def test_lot_without_its_grant_is_found(lot: CreditLot) -> None:
    change(lot, quantity=20)
    assert "a lot was granted once, as a whole" in found()


def test_takeback_of_more_than_there_was_is_found(lot: CreditLot) -> None:
    add(lot, "refund", -11)
    assert "no more is taken back from a lot than it had" in found()


def test_overdrawn_lot_is_found(lot: CreditLot) -> None:
    for number in range(9):
        add(lot, "capture", 0, f"free_{number}")
    assert "a lot gives no more runs than it had" in found()


def test_capture_without_hold_is_found(lot: CreditLot) -> None:
    add(lot, "capture", 0)
    assert "what was captured or released had been held, on the same lot" in found()


def test_release_on_another_lot_is_found(lot: CreditLot, give: Give) -> None:
    add(give(3), "release", 1, "sim_1")
    assert "what was captured or released had been held, on the same lot" in found()


def test_half_a_settlement_is_found(lot: CreditLot) -> None:
    add(lot, "settle", -1)
    assert "what settles debts is what the debts lose" in found()


def test_test_money_that_became_live_is_found(guest_payment: Payment) -> None:
    change(guest_payment.lot, livemode=True)
    assert "a lot has the mode and currency of its payment" in found()


def test_lot_of_another_person_is_found(guest_payment: Payment, user: User) -> None:
    change(guest_payment.lot, user=user)
    assert "a lot belongs to who paid" in found()


def test_payment_without_runs_is_found(guest_payment: Payment) -> None:
    Payment.objects.create(
        product="pack_10", runs=10, amount=800, currency="gbp", livemode=False, status="paid", paid_at=timezone.now()
    )
    assert "a paid payment has its runs" in found()


def test_runs_without_payment_are_found(guest_payment: Payment) -> None:
    Payment.objects.update(status="open", paid_at=None)
    assert "an unpaid payment has no runs" in found()


def test_wrong_number_of_runs_is_found(guest_payment: Payment) -> None:
    Payment.objects.update(runs=2)
    assert "a payment brought as many runs as it bought" in found()


def test_consumed_payment_with_its_run_left_is_found(guest_payment: Payment) -> None:
    Payment.objects.update(status=PaymentStatus.CONSUMED)
    assert "a single payment is consumed when its run is taken, and only then" in found()


def test_refunded_payment_with_runs_is_found(guest_payment: Payment) -> None:
    Payment.objects.update(status=PaymentStatus.REFUNDED)
    assert "a refunded payment has no runs left" in found()


def test_freeze_without_dispute_is_found(guest_payment: Payment) -> None:
    change(guest_payment.lot, frozen=Frozen.DISPUTE)
    assert "runs are frozen for a dispute only while one is open" in found()


def test_cash_of_another_mode_is_found(guest_payment: Payment) -> None:
    cash(guest_payment, livemode=True)
    assert "cash has the mode and currency of its payment" in found()


@pytest.mark.parametrize("fields", [{"amount": 101}, {"kind": "refund", "amount": 1}, {"amount": -1}])
def test_cash_that_cannot_be_is_found(guest_payment: Payment, fields: dict[str, object]) -> None:
    cash(guest_payment, **fields)
    assert "nobody paid more than the price or got back more than they paid" in found()


def test_more_back_than_paid_is_found(guest_payment: Payment) -> None:
    cash(guest_payment)
    cash(guest_payment, kind="refund", amount=-101, stripe_id="re_1")
    assert "nobody paid more than the price or got back more than they paid" in found()


def test_every_invariant_has_a_test_that_breaks_it() -> None:
    text = Path(__file__).read_text()
    assert [invariant.text for invariant in INVARIANTS if invariant.text not in text] == []
