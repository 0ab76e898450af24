"""Shapes of numbers: shares that show their counts, amounts with their currency, percentiles of histograms."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

GROWTH = math.log(1.05)
SHORTEST = 1e-4


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; no number at all when there is nothing to share."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class DayAmount:
    """A day's bar in a chart."""

    day: date
    amount: float


@dataclass(frozen=True)
class Spread:
    """Typical and slow, in seconds; None when nothing was measured."""

    p50: float | None
    p95: float | None
    count: int


def bucket_of(seconds: float) -> int:
    """The histogram's bucket; each is 5 % wider than the one before."""
    return round(math.log(max(seconds, SHORTEST)) / GROWTH)


def spread_of_buckets(counts: Mapping[int, int]) -> Spread:
    """Percentiles of a histogram of `bucket_of`."""
    total = sum(counts.values())
    return Spread(_percentile(counts, total, 0.50), _percentile(counts, total, 0.95), total)


def spread_of(values: list[float]) -> Spread:
    """Percentiles of what was measured, nearest rank."""
    ordered = sorted(values)

    def at(share: float) -> float | None:
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None

    return Spread(at(0.50), at(0.95), len(ordered))


def _percentile(counts: Mapping[int, int], total: int, share: float) -> float | None:
    reached = 0
    for bucket in sorted(counts):
        reached += counts[bucket]
        if reached >= share * total:
            return math.exp(bucket * GROWTH)
    return None
