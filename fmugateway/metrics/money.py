"""Money: what came in, what was earned, what is owed in runs. Minor units, one currency, one mode of Stripe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from billing.models import CashEntry, CreditLot, LotSource, Payment
from billing.models.cash import CashKind
from billing.prices import price_of
from fmugateway.metrics.numbers import DayAmount
from fmugateway.metrics.period import Period
from fmugateway.models import EarningsDay

REVENUE = (CashKind.PAYMENT, CashKind.REFUND, CashKind.DISPUTE)
AGES = (("0-30 days", 30), ("31-90 days", 90), ("91-365 days", 365), ("older", 36500))


@dataclass(frozen=True)
class Cash:
    """Cash revenue: succeeded payments - refunds - lost disputes, each by the day it happened, before Stripe's fees.

    refunds and disputes are positive here. fees: Stripe's, disputes' fees among them. net: revenue - fees.
    """

    revenue: int
    payments: int
    refunds: int
    disputes: int
    fees: int
    payment_count: int
    by_day: tuple[DayAmount, ...]

    @property
    def net(self) -> int:
        return self.revenue - self.fees


@dataclass(frozen=True)
class Recognised:
    """Recognised revenue: captured credits x their lot's unit value. What is prepaid and unused is a liability.

    breakage: paid credits that lapsed in the period, at their unit value; not part of the revenue.
    """

    revenue: int
    captured: int
    breakage: int
    by_day: tuple[DayAmount, ...]


@dataclass(frozen=True)
class Liability:
    """Credit liability: paid credits that are left or reserved by a run under way x unit value, by the lots' age."""

    amount: int
    credits: int
    by_age: dict[str, int]


@dataclass(frozen=True)
class Mrr:
    """MRR: sum of the plan prices whose paid month is running. Packs, trials and months that cost nothing are out."""

    amount: int
    plans: int


@dataclass(frozen=True)
class FirstPayment:
    """The one that is celebrated."""

    payment: str
    amount: int
    at: datetime


def currency() -> str:
    """The currency of the price list. Money in another one is never added to it."""
    return price_of("single_run").currency


def cash(period: Period) -> Cash:
    entries = _entries().filter(occurred_at__gte=period.start_at, occurred_at__lt=period.end_at)
    sums = dict(entries.values_list("kind").annotate(total=Sum("amount")))
    days = entries.filter(kind__in=REVENUE).annotate(day=TruncDate("occurred_at"))
    return Cash(
        revenue=sum(sums.get(kind, 0) for kind in REVENUE),
        payments=sums.get(CashKind.PAYMENT, 0),
        refunds=-sums.get(CashKind.REFUND, 0),
        disputes=-sums.get(CashKind.DISPUTE, 0),
        fees=-sums.get(CashKind.FEE, 0),
        payment_count=entries.filter(kind=CashKind.PAYMENT, amount__gt=0).count(),
        by_day=_by_day(period, days.values_list("day").annotate(total=Sum("amount"))),
    )


def recognised(period: Period) -> Recognised:
    days = EarningsDay.objects.filter(day__gte=period.start, day__lt=period.end)
    days = days.filter(livemode=settings.STRIPE_LIVE_MODE, currency=currency())
    sums = {kind: (amount, used) for kind, amount, used in _sums(days)}
    amount, captured = sums.get("captured", (0, 0))
    return Recognised(
        revenue=amount,
        captured=captured,
        breakage=sums.get("lapsed", (0, 0))[0],
        by_day=_by_day(period, days.filter(kind="captured").values_list("day", "amount")),
    )


def liability(at: datetime | None = None) -> Liability:
    """As it stands now; `at` is what the lots' age is counted to."""
    at = at or timezone.now()
    unused = F("remaining") + F("held")
    paid = _lots().filter(unit_value__gt=0).annotate(unused=unused).filter(unused__gt=0)
    sums = paid.aggregate(amount=Sum(F("unused") * F("unit_value")), credits=Sum("unused"))
    return Liability(sums["amount"] or 0, sums["credits"] or 0, _by_age(paid, at))


def mrr(at: datetime | None = None) -> Mrr:
    """One month a subscription: where two overlap at the turn, the newer."""
    at = at or timezone.now()
    months = _lots().filter(source=LotSource.SUBSCRIPTION, unit_value__gt=0, created_at__lte=at, expires_at__gt=at)
    sold = months.filter(debt=0, frozen="").order_by("created_at")
    prices = dict(sold.values_list("payment__subscription", "payment__amount"))
    return Mrr(sum(prices.values()), len(prices))


def first_payment() -> FirstPayment | None:
    """The first money that ever came in, in this mode of Stripe."""
    entry = _entries().filter(kind=CashKind.PAYMENT, amount__gt=0).order_by("occurred_at", "pk").first()
    return FirstPayment(entry.payment.public_id, entry.amount, entry.occurred_at) if entry else None


def other_currencies() -> tuple[str, ...]:
    """Currencies in the ledger that the numbers do not count."""
    found = CashEntry.objects.filter(livemode=settings.STRIPE_LIVE_MODE).exclude(currency=currency())
    return tuple(found.order_by("currency").values_list("currency", flat=True).distinct())


def net_by_payer(since: datetime, until: datetime) -> dict[str, int]:
    """What each payer paid less what they got back: accounts, or guests by Stripe customer."""
    entries = _entries().filter(kind__in=REVENUE, occurred_at__gte=since, occurred_at__lt=until)
    groups = entries.values_list("payment__user", "payment__customer", "payment__public_id")
    totals: dict[str, int] = {}
    for user, customer, payment, amount in groups.annotate(total=Sum("amount")):
        payer = f"user:{user}" if user else customer or payment
        totals[payer] = totals.get(payer, 0) + amount
    return totals


def first_net_payments() -> dict[int, datetime]:
    """When each account first paid for something that it did not get back in full."""
    paid = Payment.objects.filter(livemode=settings.STRIPE_LIVE_MODE, currency=currency(), user__isnull=False)
    kept = paid.annotate(
        net=Sum("cash__amount", filter=Q(cash__kind__in=REVENUE)),
        first=Min("cash__occurred_at", filter=Q(cash__kind=CashKind.PAYMENT)),
    ).filter(net__gt=0)
    firsts: dict[int, datetime] = {}
    for user, at in kept.order_by("first").values_list("user", "first"):
        firsts.setdefault(user, at)
    return firsts


def _entries() -> QuerySet[CashEntry]:
    return CashEntry.objects.filter(livemode=settings.STRIPE_LIVE_MODE, currency=currency()).order_by()


def _lots() -> QuerySet[CreditLot]:
    return CreditLot.objects.filter(livemode=settings.STRIPE_LIVE_MODE, currency=currency()).order_by()


def _sums(days: QuerySet[EarningsDay]) -> Iterable[tuple[str, int, int]]:
    return days.values_list("kind").annotate(total=Sum("amount"), number=Sum("credits"))


def _by_day(period: Period, amounts: Iterable[tuple[object, int]]) -> tuple[DayAmount, ...]:
    known = dict(amounts)
    return tuple(DayAmount(day, known.get(day, 0)) for day in period.each_day())


def _by_age(paid: QuerySet[CreditLot], at: datetime) -> dict[str, int]:
    ages: dict[str, int] = {}
    newest = at + timedelta(days=1)
    for name, days in AGES:
        oldest = at - timedelta(days=days)
        within = paid.filter(created_at__lt=newest, created_at__gte=oldest)
        ages[name] = within.aggregate(amount=Sum(F("unused") * F("unit_value")))["amount"] or 0
        newest = oldest
    return ages
