"""The owner's numbers on a terminal, or as CSV or JSON for a program."""

from __future__ import annotations

import csv
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fmugateway.metrics import BadPeriod, Report, as_json, as_rows, parse, report
from fmugateway.templatetags.owner import money, pence, percent, seconds


class Command(BaseCommand):
    help = "Simulations, money, people and quality over a period."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", default="30d", help="30d, or 2026-10-01..2026-11-01 (last day not included)")
        parser.add_argument("--format", choices=("text", "csv", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = report(parse(options["period"]), money=True)
        except BadPeriod as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_json(found), indent=2))
        elif options["format"] == "csv":
            csv.writer(self.stdout).writerows([("number", "value"), *as_rows(as_json(found))])
        else:
            for name, number, remark in _lines(found):
                self.stdout.write(f"{name:<22}{number:>14}  {remark}".rstrip())


def _lines(found: Report) -> list[tuple[str, str, str]]:
    return [("Period", "", f"{found.period} {found.time_zone}"), *_usage(found), *_business(found)]


def _usage(found: Report) -> list[tuple[str, str, str]]:
    runs, quality = found.usage.runs, found.usage.quality
    repeat, failure = found.usage.repeat_users, quality.failure_rate
    codes = ", ".join(f"{code} {number}" for code, number in runs.by_code.items())
    return [
        ("Simulations run", f"{runs.total:,}", f"{runs.succeeded:,} succeeded, {runs.failed:,} failed"),
        ("Samples run", f"{runs.samples:,}", ""),
        ("Failure rate", percent(failure), f"{failure.part} of {failure.whole}  {codes}"),
        ("Queue wait, p95", seconds(quality.queue_wait.p95), f"median {seconds(quality.queue_wait.p50)}"),
        ("Run time, p95", seconds(quality.run_time.p95), f"median {seconds(quality.run_time.p50)}"),
        ("Repeat users", percent(repeat), f"{repeat.part} of {repeat.whole} accounts, 30 days"),
    ]


def _business(found: Report) -> list[tuple[str, str, str]]:
    business = found.business
    if business is None:
        return []
    cash, costs, share, coin = business.cash, business.costs, business.free_to_paid.share, business.currency
    mode = "live money" if business.livemode else "test money"
    return [
        ("Paid users", f"{business.paid_users:,}", "30 days"),
        ("Free to paid", percent(share), f"{share.part} of {share.whole} accounts"),
        ("Cost per simulation", pence(costs.per_run), f"earned {pence(costs.revenue_per_run)} each"),
        ("Margin per simulation", pence(costs.margin_per_run), ""),
        ("Cash revenue", money(cash.revenue, coin), f"{mode}; fees {money(cash.fees, coin)}"),
        ("Recognised revenue", money(business.recognised.revenue, coin), f"{business.recognised.captured} credits"),
        ("Credit liability", money(business.liability.amount, coin), f"{business.liability.credits} credits"),
        ("MRR", money(business.mrr.amount, coin), f"{business.mrr.plans} plans"),
        *((step.name, f"{step.share.part:,}", percent(step.share)) for step in business.funnel.steps),
        ("Paid to result, p95", seconds(business.funnel.pay_to_result.p95), ""),
    ]
