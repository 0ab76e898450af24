"""What a run costs, and what is left of what it earned."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum

from fmugateway.metrics.money import Cash, Recognised
from fmugateway.metrics.period import Period
from fmugateway.metrics.runs import Runs, cpu_seconds
from fmugateway.models import StorageDay

GIGABYTE = 1e9
DAYS_OF_MONTH = 365 / 12


@dataclass(frozen=True)
class Costs:
    """Cost per simulation: (CPU seconds x rate + stored GB-days x rate + Stripe fees) / successful runs; minor units.

    Failed runs and samples stay in the numerator; successful runs are those of accounts and guests. The rates are
    settings: COST_CPU_HOUR, COST_GB_MONTH. Margin: recognised revenue per successful run - cost per simulation.
    """

    cpu_seconds: float
    cpu: float
    gigabyte_days: float
    storage: float
    fees: int
    revenue: int
    successful_runs: int

    @property
    def machines(self) -> float:
        return self.cpu + self.storage

    @property
    def total(self) -> float:
        return self.machines + self.fees

    @property
    def per_run(self) -> float | None:
        return self._each(self.total)

    @property
    def revenue_per_run(self) -> float | None:
        return self._each(self.revenue)

    @property
    def margin_per_run(self) -> float | None:
        return self._each(self.revenue - self.total)

    def _each(self, amount: float) -> float | None:
        return amount / self.successful_runs if self.successful_runs else None


def costs(period: Period, *, runs: Runs, cash: Cash, recognised: Recognised) -> Costs:
    seconds, stored = cpu_seconds(period), gigabyte_days(period)
    return Costs(
        cpu_seconds=seconds,
        cpu=seconds / 3600 * settings.COST_CPU_HOUR,
        gigabyte_days=stored,
        storage=stored / DAYS_OF_MONTH * settings.COST_GB_MONTH,
        fees=cash.fees,
        revenue=recognised.revenue,
        successful_runs=runs.succeeded,
    )


def gigabyte_days(period: Period) -> float:
    """Each day's stored bytes, as they were when the storage was walked that day."""
    days = StorageDay.objects.filter(day__gte=period.start, day__lt=period.end)
    return (days.aggregate(total=Sum("stored_bytes"))["total"] or 0) / GIGABYTE
