"""How many runs, how they ended, how long they took. From the roll-ups; a run counts on the day it ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from fmugateway.metrics.numbers import Share, Spread, spread_of_buckets
from fmugateway.metrics.period import Period
from fmugateway.models import DurationDay, ModelDay, RunDay
from simulations.models import Status


@dataclass(frozen=True)
class DayRuns:
    """A day's runs of accounts and guests."""

    day: date
    succeeded: int
    failed: int
    other: int


@dataclass(frozen=True)
class Runs:
    """Simulations: runs by final state, error code and owner kind. Runs of samples are counted apart, in `samples`.

    by_code: of failed runs. by_owner: accounts and guests.
    """

    total: int
    by_status: dict[str, int]
    by_code: dict[str, int]
    by_owner: dict[str, int]
    samples: int
    by_day: tuple[DayRuns, ...]

    @property
    def succeeded(self) -> int:
        return self.by_status.get(Status.SUCCEEDED, 0)

    @property
    def failed(self) -> int:
        return self.by_status.get(Status.FAILED, 0)


@dataclass(frozen=True)
class Quality:
    """failure_rate: failed among those that ran to an end, good or bad. queue_wait, run_time: seconds, within 2.5 %."""

    failure_rate: Share
    queue_wait: Spread
    run_time: Spread


@dataclass(frozen=True)
class TopModel:
    """A model by the name that its modelDescription.xml says."""

    name: str
    is_sample: bool
    runs: int
    succeeded: int


def runs(period: Period) -> Runs:
    rows = list(_within(period).exclude(kind="sample").values_list("day", "status", "error_code", "kind", "runs"))
    by_status, by_code, by_owner = Counter[str](), Counter[str](), Counter[str]()
    by_day: Counter[tuple[date, str]] = Counter()
    for day, status, code, kind, number in rows:
        by_status[status] += number
        by_owner[kind] += number
        by_day[day, status] += number
        if status == Status.FAILED:
            by_code[code] += number
    return Runs(
        total=by_status.total(),
        by_status=dict(by_status),
        by_code=dict(by_code.most_common()),
        by_owner=dict(by_owner),
        samples=_within(period).filter(kind="sample").aggregate(total=Sum("runs"))["total"] or 0,
        by_day=tuple(_day(day, by_day) for day in period.each_day()),
    )


def quality(period: Period, counted: Runs) -> Quality:
    return Quality(
        failure_rate=Share(counted.failed, counted.failed + counted.succeeded),
        queue_wait=_durations(period, "queue"),
        run_time=_durations(period, "run"),
    )


def cpu_seconds(period: Period) -> float:
    """CPU time of every run, failed ones and samples too: somebody has to earn it."""
    return _within(period).aggregate(total=Sum("cpu_seconds"))["total"] or 0.0


def top_models(period: Period, *, limit: int = 8) -> tuple[TopModel, ...]:
    """The models that were run most, samples among them and marked."""
    days = ModelDay.objects.filter(day__gte=period.start, day__lt=period.end)
    groups = days.values_list("model_name", "is_sample").annotate(total=Sum("runs"), good=Sum("succeeded"))
    return tuple(TopModel(*row) for row in groups.order_by("-total", "model_name")[:limit])


def _within(period: Period):  # type: ignore[no-untyped-def]
    return RunDay.objects.filter(day__gte=period.start, day__lt=period.end)


def _day(day: date, counts: Counter[tuple[date, str]]) -> DayRuns:
    known = (Status.SUCCEEDED, Status.FAILED)
    other = sum(number for (of, status), number in counts.items() if of == day and status not in known)
    return DayRuns(day, counts[day, Status.SUCCEEDED], counts[day, Status.FAILED], other)


def _durations(period: Period, measure: str) -> Spread:
    days = DurationDay.objects.filter(day__gte=period.start, day__lt=period.end, measure=measure)
    return spread_of_buckets(dict(days.values_list("bucket").annotate(total=Sum("runs"))))
