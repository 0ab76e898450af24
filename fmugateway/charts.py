"""Bars of a chart as numbers that a template can draw: x and widths in days, y and heights in per cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MOST_BARS = 62


@dataclass(frozen=True)
class Bar:
    """css: what it stands for. y grows downwards from the top of the chart."""

    x: float
    y: float
    height: float
    css: str
    title: str


@dataclass(frozen=True)
class Chart:
    """`width` columns wide and 100 high; `top` is the value there. first, last: days below the outer columns."""

    width: int
    bars: tuple[Bar, ...]
    top: float
    first: str
    last: str
    empty: bool


@dataclass(frozen=True)
class Series:
    """One value a day, drawn on those before it; negative ones count as nothing."""

    name: str
    css: str
    values: Sequence[float]


def stacked(days: Sequence[date], series: Sequence[Series]) -> Chart:
    """Series on top of each other; more than two months are drawn by the week."""
    step = 1 if len(days) <= MOST_BARS else 7
    starts = range(0, len(days), step)
    columns = [[sum(one.values[start : start + step]) for one in series] for start in starts]
    top = max((sum(max(0.0, value) for value in column) for column in columns), default=0.0)
    bars = [
        bar
        for x, (start, column) in enumerate(zip(starts, columns, strict=True))
        for bar in _column(x, days[start], column, series, top)
    ]
    return Chart(len(columns), tuple(bars), top, _label(days[0]), _label(days[-1]), top == 0)


def _column(x: int, day: date, values: list[float], series: Sequence[Series], top: float) -> list[Bar]:
    bars, base = [], 100.0
    for value, one in zip(values, series, strict=True):
        if value > 0:
            height = 100 * value / top
            base -= height
            bars.append(Bar(x, base, height, one.css, f"{_label(day)}: {value:,.0f} {one.name}"))
    return bars


def _label(day: date) -> str:
    return f"{day.day} {day:%b}"
