"""The first page of the admin: the owner's numbers over a chosen period."""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from fmugateway import charts
from fmugateway.metrics import BadPeriod, Period, Report, as_json, as_rows, last_days, parse, report
from fmugateway.metrics import money as money_numbers
from fmugateway.metrics.people import paid_users, regulars
from fmugateway.metrics.runs import runs
from fmugateway.templatetags.owner import money

PERIODS = {"7d": "7 days", "30d": "30 days", "90d": "90 days", "365d": "A year"}
DEFAULT = "30d"
SEES_MONEY = "billing.view_cashentry"
SEES_PEOPLE = "accounts.view_user"


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """unfold's DASHBOARD_CALLBACK: what templates/admin/index.html shows."""
    period, problem = _period(request)
    found = report(period, money=may_see_money(request))
    money_chart = _money_chart(found)
    return context | {
        "title": "Today" if period.days == 1 else "Overview",
        "report": found,
        "period": period,
        "problem": problem,
        "chosen": request.GET.get("period", DEFAULT),
        "periods": PERIODS,
        "greeting": _greeting(),
        "before": _before(period, found),
        "runs_chart": _runs_chart(found),
        "money_chart": money_chart,
        "money_top": money(100 * money_chart.top, money_numbers.currency()) if money_chart else "",
        "regulars": regulars(period, limit=8) if request.user.has_perm(SEES_PEOPLE) else None,
        "returning": regulars(last_days(30), limit=8, at_least_days=2) if request.user.has_perm(SEES_PEOPLE) else None,
    }


def metrics_csv(request: HttpRequest) -> HttpResponse:
    """Every number of the period, a row each."""
    period, problem = _period(request)
    if problem:
        return HttpResponse(problem + "\n", status=400, content_type="text/plain")
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="fmu-gateway-{period.start}-{period.end}.csv"'
    writer = csv.writer(answer)
    writer.writerow(["number", "value"])
    writer.writerows(as_rows(as_json(report(period, money=may_see_money(request)))))
    return answer


def may_see_money(request: HttpRequest) -> bool:
    return request.user.has_perm(SEES_MONEY)


def _period(request: HttpRequest) -> tuple[Period, str]:
    """What was asked for, or the usual one and why."""
    start, end = request.GET.get("from"), request.GET.get("to")
    asked = f"{start}..{end}" if start and end else request.GET.get("period", DEFAULT)
    try:
        return parse(asked), ""
    except BadPeriod as error:
        return parse(DEFAULT), str(error)


def _before(period: Period, found: Report) -> dict[str, int]:
    """The same numbers one period earlier, for the arrows."""
    before = {"runs": runs(period.previous).total}
    if found.business:
        before |= {"revenue": money_numbers.cash(period.previous).revenue, "paid_users": paid_users(period.start)}
    return before


def _runs_chart(found: Report) -> charts.Chart:
    days = found.usage.runs.by_day
    return charts.stacked(
        [day.day for day in days],
        [
            charts.Series("succeeded", "good", [day.succeeded for day in days]),
            charts.Series("failed", "bad", [day.failed for day in days]),
            charts.Series("cancelled or expired", "other", [day.other for day in days]),
        ],
    )


def _money_chart(found: Report) -> charts.Chart | None:
    if not found.business:
        return None
    days = found.business.cash.by_day
    unit = f"{found.business.currency.upper()} came in"
    return charts.stacked([day.day for day in days], [charts.Series(unit, "money", [day.amount / 100 for day in days])])


def _greeting() -> str:
    hour = timezone.localtime().hour
    return "Good morning" if 4 <= hour < 12 else "Good afternoon" if hour < 18 else "Good evening"
