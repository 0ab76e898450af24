"""Prove that the ledger is right: every invariant as one question whose answer must be empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from billing.models import CashEntry, CreditEntry, CreditLot, EntryKind, Frozen, LotSource, Payment, PaymentStatus
from billing.models.cash import CashKind

SHOWN = 5


@dataclass(frozen=True)
class Finding:
    """An invariant that does not hold, and rows that break it."""

    invariant: str
    rows: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.invariant}: {'; '.join(self.rows)}"


@dataclass(frozen=True)
class Invariant:
    """`broken` answers the rows that break it."""

    text: str
    broken: Callable[[], QuerySet[Any]]


def findings() -> Iterator[Finding]:
    """What is wrong, one invariant after the other. Call it in `one_moment`."""
    for invariant in INVARIANTS:
        if rows := tuple(str(row) for row in invariant.broken()[:SHOWN]):
            yield Finding(invariant.text, rows)


@contextmanager
def one_moment() -> Iterator[None]:
    """Let all questions see one state of the database while others write; on SQLite every transaction does."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _lots() -> QuerySet[Any]:
    def count(kind: EntryKind) -> Count:
        return Count("entries", filter=Q(entries__kind=kind))

    return CreditLot.objects.annotate(
        total=Coalesce(Sum("entries__delta"), 0),
        grants=count(EntryKind.GRANT),
        granted=Coalesce(Sum("entries__delta", filter=Q(entries__kind=EntryKind.GRANT)), 0),
        moved_in=Coalesce(
            Sum(
                "entries__delta",
                filter=Q(entries__kind__in=(EntryKind.SETTLE, EntryKind.FORGIVE), entries__delta__gt=0),
            ),
            0,
        ),
        taken_back=Coalesce(Sum("entries__delta", filter=Q(entries__kind=EntryKind.REFUND)), 0),
        holds=count(EntryKind.HOLD),
        captures=count(EntryKind.CAPTURE),
        releases=count(EntryKind.RELEASE),
    )


def _unbalanced() -> QuerySet[Any]:
    return _lots().exclude(total=F("remaining") - F("debt"))


def _wrong_held() -> QuerySet[Any]:
    return _lots().exclude(held=F("holds") - F("captures") - F("releases"))


def _wrong_grant() -> QuerySet[Any]:
    return _lots().exclude(grants=1, granted=F("quantity"))


def _wrong_takeback() -> QuerySet[Any]:
    return _lots().filter(Q(taken_back__gt=0) | Q(taken_back__lt=-F("quantity")))


def _overdrawn() -> QuerySet[Any]:
    """A debt that was settled or forgiven, and whose refund failed afterwards, leaves more than there was."""
    used_and_left = F("captures") + F("held") + F("remaining")
    return _lots().filter(taken_back=0, debt=0).filter(quantity__lt=used_and_left - F("moved_in"))


def _endings_without_hold() -> QuerySet[Any]:
    hold = CreditEntry.objects.filter(kind=EntryKind.HOLD, reference=OuterRef("reference"), lot=OuterRef("lot"))
    endings = CreditEntry.objects.filter(kind__in=(EntryKind.CAPTURE, EntryKind.RELEASE))
    return endings.exclude(Exists(hold))


def _settlements() -> QuerySet[Any]:
    settled = CreditEntry.objects.filter(kind=EntryKind.SETTLE)
    totals = settled.values("lot__user", "lot__livemode").annotate(total=Sum("delta"))
    return totals.exclude(total=0)


def _wrong_mode() -> QuerySet[Any]:
    return CreditLot.objects.filter(payment__isnull=False).exclude(
        livemode=F("payment__livemode"), currency=F("payment__currency")
    )


def _wrong_owner() -> QuerySet[Any]:
    with_payment = CreditLot.objects.filter(payment__isnull=False)
    return with_payment.exclude(user=F("payment__user")).exclude(user=None, payment__user=None)


def _paid_without_lot() -> QuerySet[Any]:
    return Payment.objects.filter(paid_at__isnull=False, lot=None)


def _lot_without_pay() -> QuerySet[Any]:
    return Payment.objects.filter(paid_at=None, lot__isnull=False)


def _wrong_runs() -> QuerySet[Any]:
    return Payment.objects.filter(lot__isnull=False).exclude(lot__quantity=F("runs"))


def _consumed_with_run() -> QuerySet[Any]:
    single = Payment.objects.filter(lot__source=LotSource.SINGLE_RUN)
    return single.filter(
        Q(status=PaymentStatus.CONSUMED, lot__remaining__gt=0) | Q(status=PaymentStatus.PAID, lot__remaining=0)
    )


def _refunded_with_runs() -> QuerySet[Any]:
    return Payment.objects.filter(status=PaymentStatus.REFUNDED, lot__remaining__gt=0)


def _frozen_without_dispute() -> QuerySet[Any]:
    return CreditLot.objects.filter(frozen=Frozen.DISPUTE).exclude(payment__status=PaymentStatus.DISPUTED)


def _cash_of_strangers() -> QuerySet[Any]:
    return CashEntry.objects.exclude(livemode=F("payment__livemode"), currency=F("payment__currency"))


def _impossible_cash() -> QuerySet[Any]:
    money_back = (CashKind.REFUND, CashKind.DISPUTE)
    totals = Payment.objects.annotate(
        paid=Coalesce(Sum("cash__amount", filter=Q(cash__kind=CashKind.PAYMENT)), 0),
        back=Coalesce(Sum("cash__amount", filter=Q(cash__kind__in=money_back)), 0),
    )
    return totals.filter(Q(back__gt=0) | Q(paid__lt=-F("back")) | Q(paid__gt=F("amount")))


INVARIANTS = (
    Invariant("a lot's remaining runs less its debt are the sum of its entries", _unbalanced),
    Invariant("a lot's held runs are its holds that have not ended", _wrong_held),
    Invariant("a lot was granted once, as a whole", _wrong_grant),
    Invariant("no more is taken back from a lot than it had", _wrong_takeback),
    Invariant("a lot gives no more runs than it had", _overdrawn),
    Invariant("what was captured or released had been held, on the same lot", _endings_without_hold),
    Invariant("what settles debts is what the debts lose", _settlements),
    Invariant("a lot has the mode and currency of its payment", _wrong_mode),
    Invariant("a lot belongs to who paid", _wrong_owner),
    Invariant("a paid payment has its runs", _paid_without_lot),
    Invariant("an unpaid payment has no runs", _lot_without_pay),
    Invariant("a payment brought as many runs as it bought", _wrong_runs),
    Invariant("a single payment is consumed when its run is taken, and only then", _consumed_with_run),
    Invariant("a refunded payment has no runs left", _refunded_with_runs),
    Invariant("runs are frozen for a dispute only while one is open", _frozen_without_dispute),
    Invariant("cash has the mode and currency of its payment", _cash_of_strangers),
    Invariant("nobody paid more than the price or got back more than they paid", _impossible_cash),
)
