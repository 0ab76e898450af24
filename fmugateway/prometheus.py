"""/metrics for Prometheus, read from the database when asked: true for all machines at once, whichever answers.

Every web machine tells the same numbers: take max by (...), not sum. No question grows with the age of the site: what
counts up is counted on (fmugateway.tally), money is read for today, the rest is about what goes on now.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Count, Min, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from billing.models import CashEntry
from fmugateway import short_memory, sweeping
from fmugateway.tally import BUCKETS, Durations, Tally, tally
from simulations.fmi.cage.door import CageLevel
from simulations.models import Simulation, Status
from simulations.services import workers

# Every web machine is scraped; the database is asked once for all of them.
REMEMBER_SECONDS = 5
# Failures by our fault, there before the first one: a series that begins with 1 has not increased.
_TO_BE_SEEN = {
    ("failed", code, kind): 0
    for code in ("worker_lost", "sandbox_error", "result_not_stored")
    for kind in ("account", "guest", "sample")
}


def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers, for those who may see them."""
    if not _may_see(request):
        return HttpResponseForbidden("Send METRICS_TOKEN as a bearer, or ask from a network in METRICS_NETWORKS.\n")
    text = short_memory.recall("metrics")
    if text is None:
        text = _render()
        short_memory.remember("metrics", text, REMEMBER_SECONDS)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


class SiteCollector(Collector):
    """Asks the database anew each time."""

    def collect(self) -> Iterator[Metric]:
        yield from counted(tally())
        yield from (queue_depth(), queue_oldest(), living_workers(), cage_starts())
        yield from (money(), sweep_success(), ledger_findings())


def counted(known: Tally) -> Iterator[Metric]:
    runs = CounterMetricFamily("fmugateway_runs", "Runs that ended, by outcome.", labels=["outcome", "code", "kind"])
    for labels, count in {**_TO_BE_SEEN, **known.runs}.items():
        runs.add_metric(labels, count)
    yield runs
    yield _histogram("fmugateway_run_seconds", "Wall time in the cage, of runs that ended.", known.run)
    yield _histogram("fmugateway_queue_seconds", "From queued to started, of runs that ended.", known.queue)
    help_text = "Webhooks of Stripe that were forged or could not be processed."
    yield CounterMetricFamily("fmugateway_webhook_failures", help_text, value=known.failed_webhooks)


def queue_depth() -> Metric:
    family = GaugeMetricFamily("fmugateway_going_runs", "Runs that wait or run now.", labels=["status"])
    going = Simulation.objects.filter(status__in=(Status.QUEUED, Status.RUNNING)).values_list("status")
    counts = dict(going.annotate(count=Count("*")).order_by())
    for status in (Status.QUEUED, Status.RUNNING):
        family.add_metric([status], counts.get(status, 0))
    return family


def queue_oldest() -> Metric:
    oldest = Simulation.objects.filter(status=Status.QUEUED).aggregate(oldest=Min("queued_at"))["oldest"]
    age = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    return GaugeMetricFamily("fmugateway_queue_oldest_seconds", "Age of the run that has waited longest.", value=age)


def living_workers() -> Metric:
    family = GaugeMetricFamily("fmugateway_workers", "Living workers that take runs, by cage level.", labels=["level"])
    found = workers.taking_runs().values_list("cage_level").annotate(count=Count("*")).order_by()
    for level, count in {CageLevel.FULL: 0, **dict(found)}.items():
        family.add_metric([level or "none"], count)
    return family


def cage_starts() -> Metric:
    """One series a worker: a sum would fall when a worker ends, and rate() take that for a thousand new starts."""
    family = CounterMetricFamily("fmugateway_cage_starts", "Cages that a worker has started.", labels=["worker"])
    for name, starts in workers.alive().values_list("name", "cage_starts"):
        family.add_metric([name], starts)
    return family


def money() -> Metric:
    labels = ["kind", "currency", "live"]
    family = CounterMetricFamily("fmugateway_cash_minor_units", "Money that moved, without its sign.", labels=labels)
    today = CashEntry.objects.filter(occurred_at__gte=_midnight()).values_list("kind", "currency", "livemode")
    for kind, currency, live, total in today.annotate(total=Sum("amount")).order_by():
        family.add_metric([kind, currency, str(live).lower()], abs(total))
    return family


def sweep_success() -> Metric:
    help_text = "When the sweep last went through without an error; 0: not for a day."
    return GaugeMetricFamily("fmugateway_sweep_success_timestamp_seconds", help_text, value=sweeping.last_success())


def ledger_findings() -> Metric:
    help_text = "What audit_ledger found wrong when the sweep last ran it."
    return GaugeMetricFamily("fmugateway_ledger_findings", help_text, value=sweeping.last_findings())


def _render() -> bytes:
    registry = CollectorRegistry()
    registry.register(SiteCollector())
    return generate_latest(registry)


def _histogram(name: str, help_text: str, durations: Durations) -> Metric:
    bounds = [*(str(float(bound)) for bound in BUCKETS), "+Inf"]
    buckets = list(zip(bounds, durations.counts, strict=True))
    return HistogramMetricFamily(name, help_text, buckets=buckets, sum_value=durations.seconds)


def _midnight() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _may_see(request: HttpRequest) -> bool:
    """With METRICS_TOKEN whoever knows it; else the networks, and then only what came straight to this machine."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if "X-Forwarded-For" in request.headers:
        return False
    address = ipaddress.ip_address(request.META["REMOTE_ADDR"] or "127.0.0.1")
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in ipaddress.ip_network(network) for network in settings.METRICS_NETWORKS)
