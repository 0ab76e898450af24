"""Curves as the server draws them: panels that share a time axis, paths in a box of 1000 by 1000.

The geometry is that of static/js/plot.js, so that nothing moves when the script takes over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulations.fmi.experiment import Column, Result

PENS = (1, 2, 3, 5, 6, 4)  # as in static/js/plot.js
POINTS = 400
MARGIN = 0.08
LARGEST = 1e300
LONGEST_PLAIN = 7  # characters


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """One curve to draw: (T,) times, and values that are numbers or truth values; panel: what it shares a box with."""

    panel: str
    label: str
    unit: str
    pen: int
    times: NDArray[np.float64]
    values: NDArray[Any]

    @property
    def is_truth(self) -> bool:
        return self.values.dtype.kind == "b"


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """One path with its pen."""

    label: str
    pen: int
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """Curves of one scale with the lines of their grid; positions in per cent of the box."""

    title: str
    unit: str
    curves: tuple[Curve, ...]
    levels: tuple[tuple[float, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """stopped: where a failed run ended, in per cent of the time axis; what lies after it is not known."""

    panels: tuple[Panel, ...]
    times: tuple[tuple[float, str], ...]
    stopped: float | None = None

    @property
    def names(self) -> str:
        return ", ".join(curve.label for panel in self.panels for curve in panel.curves)


def draw_result(result: Result, *, stop_time: float, partial: bool) -> Drawing:
    """One panel a unit, in the order of the columns. result: at most some hundred rows; partial: it ended early."""
    times = result.data["time"].astype(float)
    curves = [
        Signal(
            panel=column.unit or "",
            label=column.name,
            unit=column.unit or "",
            pen=PENS[place % len(PENS)],
            times=times,
            values=result.data[column.name].copy(),
        )
        for place, column in enumerate(_sorted_by_unit(result.columns[1:]))
    ]
    stopped = float(times[-1]) if partial and len(times) else None
    return draw(curves, stop_time=stop_time, time_unit=_time_unit(result.columns), stopped=stopped)


def _sorted_by_unit(columns: Sequence[Column]) -> list[Column]:
    """So that the pens go round within a panel: all six are used before one of them comes again."""
    units = list(dict.fromkeys(column.unit or "" for column in columns))
    return sorted(columns, key=lambda column: units.index(column.unit or ""))


def draw(
    signals: Sequence[Signal], *, stop_time: float | None = None, time_unit: str = "s", stopped: float | None = None
) -> Drawing:
    """Signals with the same `panel` share a box."""
    signals = [signal for signal in signals if len(signal.times)]
    if not signals:
        return Drawing(panels=(), times=())
    first = min(float(signal.times[0]) for signal in signals)
    last = max([float(signal.times[-1]) for signal in signals] + ([] if stop_time is None else [stop_time]))
    span = (first, last if last > first else first + 1.0)
    ticks = tuple((_percent(tick, *span), f"{label} {time_unit}") for tick, label in labelled(_ticks(*span)))
    panels = tuple(_panel(list(group), span) for group in _by_panel(signals))
    return Drawing(panels=panels, times=ticks, stopped=None if stopped is None else _percent(stopped, *span))


def _by_panel(signals: Iterable[Signal]) -> Iterable[list[Signal]]:
    groups: dict[str, list[Signal]] = {}
    for signal in signals:
        groups.setdefault(signal.panel, []).append(signal)
    return groups.values()


def _panel(signals: list[Signal], span: tuple[float, float]) -> Panel:
    are_truths = all(signal.is_truth for signal in signals)
    low, high = roomy(0.0, 1.0) if are_truths else _range(signals)
    ticks = [0.0, 1.0] if are_truths else _ticks(low, high, wanted=4)
    curves = tuple(Curve(label=signal.label, pen=signal.pen, path=_path(signal, span, low, high)) for signal in signals)
    levels = tuple((round(100 - _percent(tick, low, high), 2), label) for tick, label in labelled(ticks))
    return Panel(title=signals[0].panel, unit=signals[0].unit, curves=curves, levels=levels)


def _range(signals: list[Signal]) -> tuple[float, float]:
    """The smallest and the largest finite value of all, with some room around them."""
    values = np.concatenate([signal.values for signal in signals])
    finite = values[np.isfinite(values)]
    return roomy(float(finite.min()), float(finite.max())) if len(finite) else roomy(0.0, 1.0)


def roomy(low: float, high: float) -> tuple[float, float]:
    """The ends of an axis, as in static/js/plot-data.js. Beyond LARGEST a difference may be no number any more."""
    low, high = (min(max(end, -LARGEST), LARGEST) for end in (low, high))
    room = (high - low) * MARGIN or abs(high) * MARGIN or 1.0
    return low - room, high + room


def _path(signal: Signal, span: tuple[float, float], low: float, high: float) -> str:
    """`M0 500L3.1 498`; a gap where a value is not finite."""
    at = (signal.times - span[0]) / (span[1] - span[0]) * 1000
    up = 1000 - (signal.values - low) / (high - low) * 1000
    parts, pen = [], "M"
    for x, y in zip(at.tolist(), up.tolist(), strict=True):
        if np.isfinite(y):
            parts.append(f"{pen}{x:.1f} {y:.1f}")
            pen = "L"
        else:
            pen = "M"
    return "".join(parts)


def _percent(value: float, low: float, high: float) -> float:
    return round((value - low) / (high - low) * 100, 3)


def _ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers between low and high, about `wanted` of them."""
    rough = (high - low) / wanted
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * (1 - 1e-9))
    return [round(number * step, 12 - floor(log10(step))) for number in range(ceil(low / step), floor(high / step) + 1)]


def labelled(ticks: Sequence[float]) -> Iterable[tuple[float, str]]:
    """All plain, or all with an exponent where plain digits would be long; as in static/js/plot-text.js."""
    plain = [_plain(tick) for tick in ticks]
    powers = [_power(tick) for tick in ticks]
    longest_plain, longest_power = (max(map(len, texts), default=0) for texts in (plain, powers))
    labels = powers if LONGEST_PLAIN < longest_plain > longest_power else plain
    return zip(ticks, (label.replace("-", "\u2212") for label in labels), strict=True)


def _plain(tick: float) -> str:
    text = f"{Decimal(f'{tick:.10g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _power(tick: float) -> str:
    if tick == 0:
        return "0"
    digits, _, power = f"{tick:.9e}".partition("e")
    return f"{digits.rstrip('0').rstrip('.')}e{int(power)}"


def _time_unit(columns: Sequence[Column]) -> str:
    return columns[0].unit or "s"
