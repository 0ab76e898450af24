"""/metrics for Prometheus, read from the database when asked: true for all machines at once, whichever answers.

Counters count what was created since midnight UTC. They fall back to 0 there, which rate() and increase() understand,
and no question to the database grows with the age of the site. Every web machine tells the same numbers: take
max by (...), not sum.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Case, Count, F, Min, Q, QuerySet, Sum, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from billing.models import CashEntry
from billing.operations import failed_webhooks
from fmugateway import sweeping
from simulations.models import FINAL, Simulation, Status
from simulations.services import workers

# Every web machine is scraped; the database is asked once for all of them.
REMEMBER_SECONDS = 5
_KIND = Case(When(is_sample=True, then=Value("sample")), When(user=None, then=Value("guest")), default=Value("account"))
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600)


def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers, for those who may see them."""
    if not _may_see(request):
        return HttpResponseForbidden("Send METRICS_TOKEN as a bearer, or ask from a network in METRICS_NETWORKS.\n")
    text = cache.get_or_set("metrics", _render, REMEMBER_SECONDS)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


class SiteCollector(Collector):
    """Asks the database anew each time."""

    def collect(self) -> Iterator[Metric]:
        yield from (runs(), run_seconds(), queue_seconds())
        yield from (queue_depth(), queue_oldest(), living_workers(), cage_starts())
        yield from (money(), webhook_failures(), sweep_success(), ledger_findings())


def runs() -> Metric:
    family = CounterMetricFamily("fmugateway_runs", "Runs that ended, by outcome.", labels=["outcome", "code", "kind"])
    ended = _today().filter(status__in=FINAL).annotate(kind=_KIND).values_list("status", "error_code", "kind")
    for status, code, kind, count in ended.annotate(count=Count("*")).order_by():
        family.add_metric([status, code, kind], count)
    return family


def run_seconds() -> Metric:
    rows = _today().filter(run_seconds__isnull=False)
    conditions = [Q(run_seconds__lte=bound) for bound in BUCKETS]
    total = rows.aggregate(total=Sum("run_seconds"))["total"] or 0.0
    return _histogram("fmugateway_run_seconds", "Wall time of runs in the cage.", rows, conditions, total)


def queue_seconds() -> Metric:
    rows = _today().filter(started_at__gte=F("queued_at"))
    conditions = [Q(started_at__lte=F("queued_at") + timedelta(seconds=bound)) for bound in BUCKETS]
    total = rows.aggregate(total=Sum(F("started_at") - F("queued_at")))["total"] or timedelta()
    name, help_text = "fmugateway_queue_seconds", "From queued to started."
    return _histogram(name, help_text, rows, conditions, total.total_seconds())


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
    for level, count in workers.taking_runs().values_list("cage_level").annotate(count=Count("*")).order_by():
        family.add_metric([level or "none"], count)
    return family


def cage_starts() -> Metric:
    starts = workers.alive().aggregate(total=Sum("cage_starts"))["total"] or 0
    return CounterMetricFamily("fmugateway_cage_starts", "Cages that the living workers have started.", value=starts)


def money() -> Metric:
    labels = ["kind", "currency", "live"]
    family = CounterMetricFamily("fmugateway_cash_minor_units", "Money that moved, without its sign.", labels=labels)
    today = CashEntry.objects.filter(occurred_at__gte=_midnight()).values_list("kind", "currency", "livemode")
    for kind, currency, live, total in today.annotate(total=Sum("amount")).order_by():
        family.add_metric([kind, currency, str(live).lower()], abs(total))
    return family


def webhook_failures() -> Metric:
    help_text = "Webhooks of Stripe that were forged or could not be processed."
    return CounterMetricFamily("fmugateway_webhook_failures", help_text, value=failed_webhooks(since=_midnight()))


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


def _histogram(name: str, help_text: str, rows: QuerySet[Simulation], conditions: list[Q], total: float) -> Metric:
    counts = rows.aggregate(**{f"under_{n}": Count("pk", filter=q) for n, q in enumerate(conditions)}, all=Count("pk"))
    buckets = [(str(float(bound)), counts[f"under_{n}"]) for n, bound in enumerate(BUCKETS)]
    return HistogramMetricFamily(name, help_text, buckets=[*buckets, ("+Inf", counts["all"])], sum_value=total)


def _today() -> QuerySet[Simulation]:
    return Simulation.objects.filter(created_at__gte=_midnight())


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
