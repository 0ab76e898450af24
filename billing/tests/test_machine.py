"""Anything that can happen to money, in any order: the ledger equals a simple model after every step.

Stripe's side changes at one time and we hear of it at another, late, twice or never: `deliver` is a step of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pytest_django import Settings

from accounts.models import User
from billing import ledger
from billing.audit import findings
from billing.errors import AccountBlocked, OutOfCredit
from billing.facts import ChargeFacts, DisputeFacts, InvoiceFacts, RefundFacts, SessionFacts
from billing.fulfil import fulfil_invoice, fulfil_session
from billing.models import CashEntry, CreditLot, Payment
from billing.takebacks import expire_due
from billing.trials import grant_trial

UNIT = 80
SHARES = st.sampled_from([None, None, 0.3, 0.5, 1])


@dataclass
class Lot:
    """`net` is what is left of it, or what it owes when negative."""

    key: int
    quantity: int
    order: tuple[int, int]
    net: int
    held: int = 0
    taken: int = 0
    lapsed: int = 0
    over: bool = False
    frozen: bool = False

    def take_back(self, runs: int) -> None:
        missing = runs - self.taken - self.lapsed
        change = self.taken - runs if runs < self.taken else -max(0, missing)
        self.net, self.taken = self.net + change, self.taken - change

    @property
    def drawable(self) -> bool:
        return self.net > 0 and not self.over and not self.frozen


@dataclass
class Owner:
    """An account, or a stranger with one payment."""

    lots: list[Lot] = field(default_factory=list)

    @property
    def debt(self) -> int:
        return sum(-lot.net for lot in self.lots if lot.net < 0)

    @property
    def available(self) -> int:
        return 0 if self.debt else sum(lot.net for lot in self.lots if lot.drawable)

    def add(self, lot: Lot) -> None:
        for debtor in self.lots:
            paid = min(max(0, -debtor.net), lot.net)
            debtor.net, lot.net = debtor.net + paid, lot.net - paid
        self.lots.append(lot)

    def hold(self) -> tuple[str, Lot | None]:
        usable = sorted((lot for lot in self.lots if lot.drawable), key=lambda lot: lot.order)
        if usable:
            usable[0].net, usable[0].held = usable[0].net - 1, usable[0].held + 1
            return "held", usable[0]
        return ("blocked" if any(lot.net > 0 and lot.frozen for lot in self.lots) else "out of credit"), None


@dataclass
class Purchase:
    """What Stripe knows of it, and what became of it here."""

    payment: Payment
    owner: Owner
    month: bool = False
    paid: bool = False
    refunded: int = 0
    dispute: str = ""
    lot: Lot | None = None

    @property
    def amount(self) -> int:
        return self.payment.amount

    @property
    def money_back(self) -> int:
        return min(self.amount, self.refunded + (self.amount if self.dispute == "lost" else 0))

    def charge(self) -> ChargeFacts | None:
        now, id_ = timezone.now(), self.payment.public_id
        refund = RefundFacts(f"re_{id_}", self.refunded, self.refunded == 0, now)
        dispute = DisputeFacts(f"du_{id_}", self.amount, 2000, self.dispute, now)
        return ChargeFacts(
            id=f"ch_{id_}",
            payment_intent=f"pi_{id_}",
            amount=self.amount,
            refunded=self.refunded,
            fee=20,
            currency="gbp",
            livemode=False,
            created=now,
            receipt_url="",
            refunds=(refund,),
            disputes=(dispute,) if self.dispute else (),
        )

    def session(self) -> SessionFacts:
        return SessionFacts(
            id=f"cs_{self.payment.public_id}",
            payment=self.payment.public_id,
            livemode=False,
            status="complete" if self.paid else "open",
            paid=self.paid,
            failed=False,
            mode="payment",
            subtotal=self.amount,
            total=self.amount,
            currency="gbp",
            customer="",
            invoice="",
            subscription="",
            charge=self.charge() if self.paid else None,
        )

    def invoice(self) -> InvoiceFacts:
        return InvoiceFacts(
            id=f"in_{self.payment.public_id}",
            paid=True,
            month=True,
            first=True,
            payment=self.payment.public_id,
            subscription="sub_1",
            customer="",
            livemode=False,
            subtotal=self.amount,
            total=self.amount,
            currency="gbp",
            period_end=timezone.now() + timedelta(days=30),
            created=timezone.now(),
            charge=self.charge(),
        )


@dataclass
class Run:
    name: str
    lot: Lot | None


class Money(RuleBasedStateMachine):
    purchases: Bundle[Purchase] = Bundle("purchases")
    runs: Bundle[Run] = Bundle("runs")

    def __init__(self) -> None:
        super().__init__()
        self.everything = transaction.atomic()
        self.everything.__enter__()
        self.numbers: Iterator[int] = iter(range(1, 10_000))
        self.user = User.objects.create_user("machine@example.com")
        self.account = Owner()
        self.owners = [self.account]
        self.bought: list[Purchase] = []

    def teardown(self) -> None:
        assert not list(findings())
        transaction.set_rollback(True)
        self.everything.__exit__(None, None, None)

    # --- What people do ---

    @initialize()
    def confirm_address(self) -> None:
        grant_trial(self.user, self.user.email)
        self.account.add(Lot(CreditLot.objects.get().pk, 1, (0, 0), 1))

    @rule(target=purchases, product=st.sampled_from(["pack_10", "pilot_250", "single_run"]), runs=st.integers(1, 4))
    def buy(self, product: str, runs: int) -> Purchase:
        stranger = product == "single_run"
        if stranger:
            self.owners.append(Owner())
        payment = self._payment(product, 1 if stranger else runs, None if stranger else self.user)
        purchase = Purchase(payment, self.owners[-1] if stranger else self.account, month=product == "pilot_250")
        self.bought.append(purchase)
        return purchase

    @rule(target=runs)
    def run(self) -> Run:
        name = f"sim_{next(self.numbers)}"
        answer, lot = ("blocked", None) if self.account.debt else self.account.hold()
        assert self._hold(name, user=self.user) == answer
        return Run(name, lot)

    @rule(target=runs, purchase=purchases)
    def run_with_token(self, purchase: Purchase) -> Run:
        name = f"sim_{next(self.numbers)}"
        if purchase.owner is self.account:
            return Run(name, None)
        answer, lot = purchase.owner.hold()
        assert self._hold(name, payment=purchase.payment) == answer
        return Run(name, lot)

    # --- What workers do ---

    @rule(run=runs, failed=st.booleans(), back=SHARES)
    def end(self, run: Run, failed: bool, back: float | None) -> None:
        """Often after its money went back while it was under way."""
        self._refund_lot(run.lot, back)
        (ledger.release if failed else ledger.capture)(run.name)
        if run.lot:
            run.lot.net, run.lot.held = run.lot.net + failed, run.lot.held - 1
            run.lot = None

    # --- What happens at Stripe ---

    @rule(purchase=purchases, heard=st.booleans())
    def pay(self, purchase: Purchase, heard: bool) -> None:
        purchase.paid = True
        if heard:
            self.deliver(purchase=purchase)

    @rule(purchase=purchases, share=st.sampled_from([0, 0.3, 0.5, 1, 1]), heard=st.booleans())
    def refund(self, purchase: Purchase, share: float, heard: bool) -> None:
        """Of a part, of all; less than before when a refund failed."""
        if purchase.paid and purchase.dispute in ("", "won"):
            purchase.refunded = round(purchase.amount * share)
            if heard:
                self.deliver(purchase=purchase)

    @rule(purchase=purchases, verdict=st.sampled_from(["needs_response", "won", "lost"]), heard=st.booleans())
    def dispute(self, purchase: Purchase, verdict: str, heard: bool) -> None:
        """Opened, or decided, or both before we hear of it."""
        if purchase.paid and purchase.dispute in ("", "needs_response") and not purchase.refunded:
            purchase.dispute = verdict
            if heard:
                self.deliver(purchase=purchase)

    # --- What we hear, and what time does ---

    @rule(purchase=purchases)
    def deliver(self, purchase: Purchase) -> None:
        if purchase.month and purchase.paid:
            fulfil_invoice(purchase.payment.pk, purchase.invoice(), version=self._version(purchase))
        elif not purchase.month:
            fulfil_session(purchase.payment.pk, purchase.session(), version=self._version(purchase))
        if purchase.paid:
            self._hear(purchase)

    @rule(purchase=purchases, swept=st.booleans(), back=SHARES)
    def month_ends(self, purchase: Purchase, swept: bool, back: float | None) -> None:
        if purchase.month and purchase.lot:
            CreditLot.objects.filter(pk=purchase.lot.key).update(expires_at=timezone.now())
            purchase.lot.over = True
            if swept:
                self._sweep()
            self._refund_lot(purchase.lot, back)

    def _sweep(self) -> None:
        expire_due()
        for lot in self._lots():
            if lot.over and lot.net > 0:
                lot.lapsed, lot.net = lot.lapsed + lot.net, 0

    # --- What must be true after each step ---

    @invariant()
    def ledger_equals_the_model(self) -> None:
        seen = {lot.pk: (lot.remaining - lot.debt, lot.held, bool(lot.frozen)) for lot in CreditLot.objects.all()}
        assert seen == {lot.key: (lot.net, lot.held, lot.frozen) for lot in self._lots()}
        assert ledger.available(self.user) == self.account.available
        assert ledger.balance(self.user).debt == self.account.debt

    def _payment(self, product: str, runs: int, user: User | None) -> Payment:
        return Payment.objects.create(
            product=product, runs=runs, amount=runs * UNIT, currency="gbp", livemode=False, user=user
        )

    def _version(self, purchase: Purchase) -> int:
        return Payment.objects.get(pk=purchase.payment.pk).version

    def _hear(self, purchase: Purchase) -> None:
        if purchase.lot is None:
            key, runs = CreditLot.objects.get(payment=purchase.payment).pk, purchase.payment.runs
            purchase.lot = Lot(key, runs, (1 if purchase.month else 2, key), runs)
            purchase.owner.add(purchase.lot)
        purchase.lot.frozen = purchase.dispute == "needs_response"
        purchase.lot.take_back(math.ceil(purchase.payment.runs * purchase.money_back / purchase.amount))
        booked = CashEntry.objects.filter(payment=purchase.payment).exclude(kind="fee")
        assert sum(entry.amount for entry in booked) == purchase.amount - purchase.money_back

    def _refund_lot(self, lot: Lot | None, share: float | None) -> None:
        bought = [purchase for purchase in self.bought if lot is not None and purchase.lot is lot]
        if bought and share is not None:
            self.refund(purchase=bought[0], share=share, heard=True)

    def _lots(self) -> Iterator[Lot]:
        for owner in self.owners:
            yield from owner.lots

    def _hold(self, name: str, **who: Any) -> str:
        try:
            ledger.hold(reference=name, **who)
        except OutOfCredit:
            return "out of credit"
        except AccountBlocked:
            return "blocked"
        return "held"


@pytest.mark.django_db
def test_ledger_equals_a_simple_model_after_every_step(settings: Settings) -> None:
    # With one trial run the others are soon drawn from purchases, whose money can go back.
    settings.TRIAL_RUNS = 1
    how: Any = hypothesis_settings(
        max_examples=100, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(Money, settings=how)


def lapse_then_refund(money: Money) -> None:
    month = money.buy(product="pilot_250", runs=4)
    money.pay(purchase=month, heard=True)
    money.end(run=money.run(), failed=False, back=None)
    money.end(run=money.run(), failed=False, back=None)
    money.month_ends(purchase=month, swept=True, back=1)


def refund_while_the_run_is_under_way(money: Money) -> None:
    pack = money.buy(product="pack_10", runs=2)
    money.pay(purchase=pack, heard=True)
    for _ in range(3):
        run = money.run()
    money.end(run=run, failed=True, back=1)


def part_of_the_money(money: Money) -> None:
    pack = money.buy(product="pack_10", runs=4)
    money.pay(purchase=pack, heard=True)
    money.refund(purchase=pack, share=0.3, heard=True)


def debt_that_the_next_pack_settles(money: Money) -> None:
    pack, next_pack = (money.buy(product="pack_10", runs=3) for _ in range(2))
    money.pay(purchase=pack, heard=True)
    for _ in range(3):
        money.end(run=money.run(), failed=False, back=None)
    money.dispute(purchase=pack, verdict="lost", heard=True)
    money.pay(purchase=next_pack, heard=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "story", [lapse_then_refund, refund_while_the_run_is_under_way, part_of_the_money, debt_that_the_next_pack_settles]
)
def test_stories_that_chance_rarely_tells(story: Callable[[Money], None], settings: Settings) -> None:
    settings.TRIAL_RUNS = 1
    money = Money()
    money.confirm_address()
    story(money)
    money.ledger_equals_the_model()
    money.teardown()
