"""Count a day, once it is over or while it goes on. The raw rows are read by their indexes on time, a day at a time."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.db.models import Case, Count, F, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, Left
from django.utils import timezone

from billing.models import CashEntry, CreditEntry, EntryKind, LotSource
from fmugateway.metrics.numbers import bucket_of
from fmugateway.metrics.period import Period
from fmugateway.models import (
    DailyRow,
    DurationDay,
    EarningsDay,
    ModelDay,
    RolledDay,
    RunDay,
    UserDay,
)
from simulations.models import FINAL, Simulation, Status

# A transaction that began before midnight may commit a little after it.
SETTLED = timedelta(minutes=5)
# Today is counted again when the last count is older than this.
FRESH = timedelta(minutes=1)
KIND = Case(When(is_sample=True, then=Value("sample")), When(user=None, then=Value("guest")), default=Value("account"))
FREE = (LotSource.TRIAL, LotSource.GOODWILL)
TABLES: tuple[type[DailyRow], ...] = (RunDay, DurationDay, UserDay, ModelDay, EarningsDay)


def roll_up() -> int:
    """Count every day that is not final yet; answers how many. The sweep and the dashboard call it."""
    days = _open_days(timezone.now())
    for day in days:
        roll(day)
    return len(days)


def roll(day: date) -> None:
    """Replace what is known about one day. Reads first: the writing transaction is short."""
    began = timezone.now()
    period = Period(day, day + timedelta(days=1))
    rows: list[DailyRow] = [*_runs(period), *_durations(period), *_users(period), *_models(period), *_earnings(period)]
    with transaction.atomic():
        _claim(day, began)
        for table in TABLES:
            table._default_manager.filter(day=day).delete()
            table._default_manager.bulk_create([row for row in rows if isinstance(row, table)], batch_size=500)


def _claim(day: date, rolled_at: datetime) -> None:
    """Two processes that count the same day do so one after the other."""
    RolledDay.objects.get_or_create(day=day, defaults={"rolled_at": rolled_at})
    RolledDay.objects.select_for_update().get(day=day)
    RolledDay.objects.filter(day=day).update(rolled_at=rolled_at)


def _open_days(now: datetime) -> list[date]:
    """Days from the first that had anything to today, without those that are final or fresh."""
    first = _first_day()
    if first is None:
        return []
    today = timezone.localdate(now)
    rolled = dict(RolledDay.objects.values_list("day", "rolled_at"))
    days = Period(first, today + timedelta(days=1)).each_day()
    return [day for day in days if day not in rolled or rolled[day] < _wanted(day, now)]


def _wanted(day: date, now: datetime) -> datetime:
    """A count older than this is to be done again."""
    settled = Period(day, day + timedelta(days=1)).end_at + SETTLED
    return min(settled, now - FRESH)


def _first_day() -> date | None:
    firsts = (
        Simulation.objects.filter(finished_at__isnull=False).aggregate(first=Min("finished_at"))["first"],
        CreditEntry.objects.aggregate(first=Min("created_at"))["first"],
        CashEntry.objects.aggregate(first=Min("occurred_at"))["first"],
    )
    return min((timezone.localdate(first) for first in firsts if first), default=None)


def _ended(period: Period) -> QuerySet[Simulation]:
    ended = Simulation.objects.filter(finished_at__gte=period.start_at, finished_at__lt=period.end_at)
    return ended.filter(status__in=FINAL).order_by()


def _runs(period: Period) -> list[DailyRow]:
    groups = _ended(period).annotate(kind=KIND).values_list("status", "error_code", "kind")
    counted = groups.annotate(runs=Count("pk"), cpu=Coalesce(Sum("cpu_seconds"), 0.0))
    return [
        RunDay(day=period.start, status=status, error_code=code, kind=kind, runs=runs, cpu_seconds=cpu)
        for status, code, kind, runs, cpu in counted
    ]


def _durations(period: Period) -> list[DailyRow]:
    """Queue waits and run times of runs of accounts and guests."""
    counts: Counter[tuple[str, int]] = Counter()
    times = _ended(period).filter(is_sample=False).values_list("queued_at", "started_at", "run_seconds")
    for queued, started, seconds in times.iterator(chunk_size=5000):
        if queued and started:
            counts["queue", bucket_of((started - queued).total_seconds())] += 1
        if seconds is not None:
            counts["run", bucket_of(seconds)] += 1
    return [
        DurationDay(day=period.start, measure=measure, bucket=bucket, runs=runs)
        for (measure, bucket), runs in counts.items()
    ]


def _users(period: Period) -> list[DailyRow]:
    succeeded = _ended(period).filter(status=Status.SUCCEEDED, is_sample=False, user__isnull=False)
    runs = dict(succeeded.values_list("user").annotate(runs=Count("pk")))
    free_lots = _captures(period).filter(lot__source__in=FREE, lot__user__isnull=False)
    free = dict(free_lots.values_list("lot__user").annotate(runs=Count("pk")))
    return [
        UserDay(day=period.start, user_id=user, succeeded=runs.get(user, 0), free=free.get(user, 0))
        for user in runs.keys() | free.keys()
    ]


def _models(period: Period) -> list[DailyRow]:
    groups = _ended(period).annotate(name=Left("model_name", 200)).values_list("name", "is_sample")
    counted = groups.annotate(runs=Count("pk"), good=Count("pk", filter=Q(status=Status.SUCCEEDED)))
    return [
        ModelDay(day=period.start, model_name=name, is_sample=is_sample, runs=runs, succeeded=good)
        for name, is_sample, runs, good in counted
    ]


def _earnings(period: Period) -> list[DailyRow]:
    """delta of a capture is 0 and of a lapse minus what was left, so that one is counted and the other summed."""
    return [
        *_valued(period, _captures(period), "captured", Count("pk"), Sum("lot__unit_value")),
        *_valued(period, _lapses(period), "lapsed", -Sum("delta"), -Sum(F("delta") * F("lot__unit_value"))),
    ]


def _valued(
    period: Period, entries: QuerySet[CreditEntry], kind: str, number: models.Expression, amount: models.Expression
) -> list[DailyRow]:
    groups = entries.values_list("lot__livemode", "lot__currency").annotate(number=number, amount=amount)
    return [
        EarningsDay(day=period.start, kind=kind, livemode=live, currency=currency, credits=used, amount=amount)
        for live, currency, used, amount in groups
    ]


def _captures(period: Period) -> QuerySet[CreditEntry]:
    return _entries(period, EntryKind.CAPTURE)


def _lapses(period: Period) -> QuerySet[CreditEntry]:
    return _entries(period, EntryKind.EXPIRE).filter(lot__unit_value__gt=0)


def _entries(period: Period, kind: EntryKind) -> QuerySet[CreditEntry]:
    written = CreditEntry.objects.filter(created_at__gte=period.start_at, created_at__lt=period.end_at)
    return written.filter(kind=kind).order_by()
