"""People: who pays, who comes back, how many of those who tried become payers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from fmugateway.metrics import money
from fmugateway.metrics.numbers import Share
from fmugateway.metrics.period import Period, last_days
from fmugateway.models import UserDay

TRAILING_DAYS = 30


@dataclass(frozen=True)
class Cohort:
    """Accounts whose first free run fell into the week that begins on `week`, a Monday.

    share: those with a first net payment within 30 days of it. Not `complete` while somebody's 30 days still run.
    """

    week: date
    share: Share
    median_days: float | None
    complete: bool


@dataclass(frozen=True)
class FreeToPaid:
    """Free to paid: by week of the first free run (one on trial or goodwill credits; samples do not count).

    Guests have no account to follow. share and median_days: over the period's cohorts together.
    """

    share: Share
    median_days: float | None
    cohorts: tuple[Cohort, ...]


@dataclass(frozen=True)
class Regular:
    """An account and its successful runs in the period."""

    user_id: int
    email: str
    runs: int
    days: int
    last_day: date


@dataclass(frozen=True)
class _Tried:
    first_free: date
    days_to_pay: int | None


def paid_users(until: date) -> int:
    """Paid users: distinct payers with a net payment > 0 in the 30 days before `until`.

    A payer is an account, or a guest by Stripe customer. What a 100 % promotion paid for is no payment.
    """
    trailing = last_days(TRAILING_DAYS, until=until)
    totals = money.net_by_payer(trailing.start_at, trailing.end_at)
    return sum(amount > 0 for amount in totals.values())


def repeat_users(until: date) -> Share:
    """Repeat users: accounts with successful runs on >= 2 distinct days in the 30 before `until` / with >= 1."""
    trailing = last_days(TRAILING_DAYS, until=until)
    counts = _active(trailing).aggregate(all=Count("user"), repeat=Count("user", filter=Q(days__gte=2)))
    return Share(counts["repeat"], counts["all"])


def regulars(period: Period, *, limit: int, at_least_days: int = 1) -> tuple[Regular, ...]:
    """Accounts with the most successful runs; with at_least_days=2 those who came back."""
    active = _active(period).filter(days__gte=at_least_days).order_by("-runs", "user")
    rows = active.values_list("user", "user__email", "runs", "days", "last_day")[:limit]
    return tuple(Regular(*row) for row in rows)


def free_to_paid(period: Period) -> FreeToPaid:
    tried = _tried(period)
    weeks = sorted({_monday(person.first_free) for person in tried}, reverse=True)
    cohorts = tuple(_cohort(week, [person for person in tried if _monday(person.first_free) == week]) for week in weeks)
    return FreeToPaid(_share(tried), _median_days(tried), cohorts)


def _active(period: Period) -> QuerySet[Any, Any]:
    days = UserDay.objects.filter(day__gte=period.start, day__lt=period.end, succeeded__gt=0)
    counted = days.values("user").annotate(days=Count("day"), runs=Sum("succeeded"), last_day=Max("day"))
    return counted.order_by()


def _tried(period: Period) -> list[_Tried]:
    """Accounts whose first free run ever fell into the period, whole weeks."""
    start, end = _monday(period.start), period.end
    firsts = UserDay.objects.filter(free__gt=0).values_list("user").annotate(first=Min("day")).order_by()
    mine = firsts.filter(first__gte=start, first__lt=end)
    paid = {user: timezone.localdate(at) for user, at in money.first_net_payments().items()}
    return [_Tried(first, _days_between(first, paid.get(user))) for user, first in mine]


def _days_between(first_free: date, paid: date | None) -> int | None:
    """None when there was no payment within the time, or it came before the first free run."""
    days = (paid - first_free).days if paid else -1
    return days if 0 <= days <= TRAILING_DAYS else None


def _cohort(week: date, people: list[_Tried]) -> Cohort:
    over = week + timedelta(days=7 + TRAILING_DAYS) <= timezone.localdate()
    return Cohort(week, _share(people), _median_days(people), over)


def _share(people: list[_Tried]) -> Share:
    return Share(sum(person.days_to_pay is not None for person in people), len(people))


def _median_days(people: list[_Tried]) -> float | None:
    days = [person.days_to_pay for person in people if person.days_to_pay is not None]
    return median(days) if days else None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
