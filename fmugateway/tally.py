"""What Prometheus' counters say, counted on from the last time: a question is about the runs that ended since then.

So /metrics costs the same at any age of the site and at any number of runs a day, and a count never falls because
somebody deleted a run. Whoever is asked counts for all: what was counted lies in the cache, and begins again at
midnight UTC when the cache has lost it, which rate() and increase() take for what it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

from billing.operations import failed_webhooks
from fmugateway import short_memory
from fmugateway.metrics.rollups import KIND
from simulations.models import Simulation

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600)
# What ended may be committed a moment later, and the clocks of machines differ.
SETTLED = timedelta(seconds=10)
# With the version of Tally in it: a deployment that changes it begins anew.
_KEY = "tally.1"
_KEEP_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Durations:
    """A histogram. counts: of durations up to each of BUCKETS, cumulative, and of all; seconds: their sum."""

    counts: tuple[int, ...] = (0,) * (len(BUCKETS) + 1)
    seconds: float = 0.0

    def __add__(self, more: Durations) -> Durations:
        counts = tuple(map(sum, zip(self.counts, more.counts, strict=True)))
        return Durations(counts, self.seconds + more.seconds)


@dataclass(frozen=True)
class Tally:
    """runs: by status, error code and kind of owner. webhook: the last one that was looked at."""

    until: datetime
    runs: Counter[tuple[str, str, str]]
    run: Durations = Durations()
    queue: Durations = Durations()
    webhook: int = 0
    failed_webhooks: int = 0

    def counted_on(self, until: datetime) -> Tally:
        ended = Simulation.objects.filter(finished_at__gte=self.until, finished_at__lt=until)
        webhook, failed = failed_webhooks(after=self.webhook, since=self.until, until=until)
        return Tally(
            until=until,
            runs=self.runs + _outcomes(ended),
            run=self.run + _run(ended),
            queue=self.queue + _queue(ended),
            webhook=webhook or self.webhook,
            failed_webhooks=self.failed_webhooks + failed,
        )


def tally() -> Tally:
    """Everything up to SETTLED ago."""
    until = datetime.now(UTC) - SETTLED
    known: Tally | None = short_memory.recall(_KEY)
    if known is None:
        midnight = until.replace(hour=0, minute=0, second=0, microsecond=0)
        known = Tally(until=midnight, runs=Counter())
    if until <= known.until:
        return known
    counted = known.counted_on(until)
    short_memory.remember(_KEY, counted, _KEEP_SECONDS)
    return counted


def _outcomes(ended: QuerySet[Simulation]) -> Counter[tuple[str, str, str]]:
    rows = ended.annotate(kind=KIND).values_list("status", "error_code", "kind").annotate(count=Count("*"))
    return Counter({(status, code, kind): count for status, code, kind, count in rows.order_by()})


def _run(ended: QuerySet[Simulation]) -> Durations:
    """In the cage."""
    rows = ended.filter(run_seconds__isnull=False)
    return _durations(rows, [Q(run_seconds__lte=bound) for bound in BUCKETS], Sum("run_seconds"))


def _queue(ended: QuerySet[Simulation]) -> Durations:
    """From queued to started."""
    rows = ended.filter(started_at__gte=F("queued_at"))
    bounds = [Q(started_at__lte=F("queued_at") + timedelta(seconds=bound)) for bound in BUCKETS]
    return _durations(rows, bounds, Sum(F("started_at") - F("queued_at")))


def _durations(rows: QuerySet[Simulation], bounds: list[Q], total: Sum) -> Durations:
    under = {f"under_{n}": Count("pk", filter=bound) for n, bound in enumerate(bounds)}
    found = rows.aggregate(**under, all=Count("pk"), total=total)
    seconds = found.pop("total") or 0.0
    return Durations(tuple(found.values()), seconds.total_seconds() if isinstance(seconds, timedelta) else seconds)
