"""All numbers of a period at once: for the dashboard, the API, CSV and the terminal."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from fmugateway.metrics.costs import Costs, costs
from fmugateway.metrics.events import Visits, visits
from fmugateway.metrics.funnel import Funnel, funnel
from fmugateway.metrics.money import (
    Cash,
    FirstPayment,
    Liability,
    Mrr,
    Recognised,
    cash,
    currency,
    first_payment,
    liability,
    mrr,
    other_currencies,
    recognised,
)
from fmugateway.metrics.numbers import Share
from fmugateway.metrics.people import FreeToPaid, free_to_paid, paid_users, repeat_users
from fmugateway.metrics.period import Period
from fmugateway.metrics.rollups import roll_up
from fmugateway.metrics.runs import Quality, Runs, TopModel, quality, runs, top_models


@dataclass(frozen=True)
class Usage:
    """What any member of staff may see."""

    runs: Runs
    quality: Quality
    repeat_users: Share
    top_models: tuple[TopModel, ...]


@dataclass(frozen=True)
class Business:
    """What only those may see who may see money. Amounts in minor units of `currency`; liability and MRR as of now."""

    currency: str
    livemode: bool
    cash: Cash
    recognised: Recognised
    liability: Liability
    mrr: Mrr
    paid_users: int
    free_to_paid: FreeToPaid
    costs: Costs
    funnel: Funnel
    visits: Visits
    first_payment: FirstPayment | None
    other_currencies: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """business is None for those who may not see money."""

    period: Period
    time_zone: str
    made_at: datetime
    usage: Usage
    business: Business | None


def report(period: Period, *, money: bool) -> Report:
    """Counts what is not counted yet, then reads."""
    roll_up()
    usage = _usage(period)
    return Report(
        period=period,
        time_zone=settings.TIME_ZONE,
        made_at=timezone.now(),
        usage=usage,
        business=_business(period, usage.runs) if money else None,
    )


def _usage(period: Period) -> Usage:
    counted = runs(period)
    return Usage(counted, quality(period, counted), repeat_users(period.end), top_models(period))


def _business(period: Period, counted: Runs) -> Business:
    paid, earned = cash(period), recognised(period)
    return Business(
        currency=currency(),
        livemode=settings.STRIPE_LIVE_MODE,
        cash=paid,
        recognised=earned,
        liability=liability(),
        mrr=mrr(),
        paid_users=paid_users(period.end),
        free_to_paid=free_to_paid(period),
        costs=costs(period, runs=counted, cash=paid, recognised=earned),
        funnel=funnel(period),
        visits=visits(period, runs=counted, paid=paid.payment_count),
        first_payment=first_payment(),
        other_currencies=other_currencies(),
    )


def as_json(value: Any) -> Any:
    """Plain values for JSON: fields and derived numbers by name, days and times in ISO 8601."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: as_json(part) for name, part in _parts(value).items()}
    if isinstance(value, dict):
        return {str(key): as_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def as_rows(value: Any, name: str = "") -> list[tuple[str, object]]:
    """(name, number) for CSV: `business.cash.revenue`, `usage.runs.by_day.0.succeeded`."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if pairs is None:
        return [(name, "" if value is None else value)]
    return [row for key, part in pairs for row in as_rows(part, f"{name}.{key}".lstrip("."))]


def _parts(value: Any) -> dict[str, Any]:
    """A dataclass's fields, then what its properties derive from them; of a period its two days."""
    derived = [name for name, member in vars(type(value)).items() if isinstance(member, property)]
    names = [field.name for field in fields(value)] + ([] if isinstance(value, Period) else derived)
    return {name: getattr(value, name) for name in names}
