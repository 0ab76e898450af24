"""The site's own counts of a period: how many looked, tried, uploaded, were asked to pay, paid, got a result."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from fmugateway.metrics.period import Period
from fmugateway.metrics.runs import Runs
from fmugateway.models import EventDay


@dataclass(frozen=True)
class Visits:
    """Counts of what happened, not of people: there is no cookie that would tell them apart.

    landing, uploaded, inspected, payment_asked, checkout_opened: counted as they happen (fmugateway.analytics).
    sample_run, result: runs of samples, and successful runs of accounts and guests, from the roll-ups.
    """

    landing: int
    sample_run: int
    uploaded: int
    inspected: int
    payment_asked: int
    checkout_opened: int
    paid: int
    result: int


def visits(period: Period, *, runs: Runs, paid: int) -> Visits:
    days = EventDay.objects.filter(day__gte=period.start, day__lt=period.end)
    counts = dict(days.values_list("name").annotate(total=Sum("count")).order_by())
    names = ("landing", "uploaded", "inspected", "payment_asked", "checkout_opened")
    counted = {name: counts.get(name, 0) for name in names}
    return Visits(sample_run=runs.samples, paid=paid, result=runs.succeeded, **counted)
