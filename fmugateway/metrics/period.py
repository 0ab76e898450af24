"""From when to when: whole days in the site's time zone, the last one not included."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

LONGEST_DAYS = 3660


class BadPeriod(ValueError):
    """What was asked for is not a period; the message says what is."""


@dataclass(frozen=True)
class Period:
    """[start, end): `start` is its first day, `end` the day after its last."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def start_at(self) -> datetime:
        return midnight(self.start)

    @property
    def end_at(self) -> datetime:
        return midnight(self.end)

    @property
    def previous(self) -> Period:
        """As long, just before: what a change is measured against."""
        return Period(self.start - timedelta(days=self.days), self.start)

    def each_day(self) -> list[date]:
        return [self.start + timedelta(days=number) for number in range(self.days)]

    def __str__(self) -> str:
        return f"{self.start} to {self.end - timedelta(days=1)}"


def last_days(days: int, *, until: date | None = None) -> Period:
    """The last `days` days, today (or the day before `until`) included."""
    end = until or timezone.localdate() + timedelta(days=1)
    return Period(end - timedelta(days=days), end)


def parse(text: str) -> Period:
    """`30d`, or `2026-10-01..2026-11-01` (its last day not included). Raises BadPeriod."""
    if match := re.fullmatch(r"(\d{1,4})d", text):
        return _checked(last_days(int(match[1])))
    start, dots, end = text.partition("..")
    try:
        period = Period(date.fromisoformat(start), date.fromisoformat(end if dots else ""))
    except ValueError as error:
        raise BadPeriod(_advice(text)) from error
    return _checked(period)


def midnight(day: date) -> datetime:
    """The moment at which the day begins in the site's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _checked(period: Period) -> Period:
    if not 1 <= period.days <= LONGEST_DAYS:
        raise BadPeriod(f"A period has 1 to {LONGEST_DAYS} days; {period.start}..{period.end} has {period.days}.")
    return period


def _advice(text: str) -> str:
    return f"'{text}' is not a period: say 30d, or 2026-10-01..2026-11-01 (the last day is not included)."
