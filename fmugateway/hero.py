"""The live model of the landing page: what one can play with, and the curves before anybody has touched it.

hero.json holds what the API answered for the first settings; `scripts/build_hero.py` writes it anew.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from itertools import groupby
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

from simulations.samples import find_sample

ANSWERS = Path(__file__).with_name("hero.json")
POINTS = 250
PENS = (1, 2, 3, 5, 6, 4)  # as in static/js/plot.js


@dataclass(frozen=True)
class Range:
    """A start value to move, from where to where, and where it stands at first."""

    variable: str
    minimum: float
    maximum: float
    step: float
    value: float


@dataclass(frozen=True)
class Scene:
    """What to show of a sample: a time and a few sliders with which something happens on a small plot."""

    title: str
    stop_time: float
    outputs: tuple[str, ...]
    ranges: tuple[Range, ...]


# In the order of the tabs; the server draws the first one.
SCENES = {
    "QuarterCar": Scene(
        "Suspension",
        2.5,
        ("z_s", "z_u", "road"),
        (
            Range("k_s", 10_000, 60_000, 1000, 22_000),
            Range("c_rebound", 0, 5000, 100, 900),
            Range("speed", 4, 16, 0.5, 8),
        ),
    ),
    "DCMotor": Scene(
        "DC motor",
        0.6,
        ("w", "u"),
        (Range("Kp", 0.01, 0.2, 0.005, 0.03), Range("Ki", 1, 20, 0.5, 10), Range("J", 1e-4, 1e-3, 5e-5, 5e-4)),
    ),
    "BouncingBall": Scene(
        "Ball",
        4,
        ("h", "v"),
        (Range("e", 0.3, 0.95, 0.01, 0.7), Range("h", 0.2, 3, 0.1, 1), Range("g", 1.62, 24.79, 0.01, 9.81)),
    ),
    "VanDerPol": Scene(
        "Van der Pol",
        20,
        ("x", "y"),
        (Range("mu", 0, 5, 0.1, 1), Range("x", -4, 4, 0.1, 2), Range("y", -4, 4, 0.1, 0)),
    ),
}


@dataclass(frozen=True)
class Slider(Range):
    """A range with what the model description says about its variable."""

    unit: str
    description: str


@dataclass(frozen=True)
class LiveModel:
    """One tab of the live card."""

    sample: str
    title: str
    summary: str
    stop_time: float
    output_interval: float
    outputs: tuple[str, ...]
    sliders: tuple[Slider, ...]


@dataclass(frozen=True)
class Curve:
    """One output as a path in a box of 1000 by 1000, time to the right and values up."""

    name: str
    pen: int
    path: str
    last: float


@dataclass(frozen=True)
class Panel:
    """Curves of one unit with the lines of their grid; positions in per cent of the box."""

    unit: str
    curves: tuple[Curve, ...]
    levels: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class FirstPlot:
    """The plot as the server draws it, before any script has run."""

    panels: tuple[Panel, ...]
    times: tuple[tuple[float, str], ...]


@cache
def live_models() -> tuple[LiveModel, ...]:
    return tuple(_live_model(name, scene) for name, scene in SCENES.items())


@cache
def first_result() -> dict[str, Any]:
    """Columns, data and stop time of the first tab, as the plot module wants them."""
    return dict(_answers()["result"])


@cache
def first_plot() -> FirstPlot:
    result = first_result()
    times = result["data"]["time"]
    ticks = _ticks(times[0], times[-1])
    return FirstPlot(
        panels=tuple(_panel(unit, list(columns), result["data"]) for unit, columns in _by_unit(result["columns"])),
        times=tuple((_percent(tick, times[0], times[-1]), f"{tick:g} s") for tick in ticks),
    )


def as_json() -> dict[str, Any]:
    """What the script on the page needs."""
    return {"models": [asdict(model) for model in live_models()], "first": first_result()}


@cache
def _answers() -> dict[str, Any]:
    return dict(json.loads(ANSWERS.read_text()))


def _live_model(name: str, scene: Scene) -> LiveModel:
    sample = find_sample(name)
    if sample is None:
        raise LookupError(f"{name} is not a sample; see SCENES in {__file__}")
    said = _answers()["variables"][name]
    return LiveModel(
        sample=name,
        title=scene.title,
        summary=sample.summary,
        stop_time=scene.stop_time,
        output_interval=scene.stop_time / POINTS,
        outputs=scene.outputs,
        sliders=tuple(Slider(**asdict(part), **said[part.variable]) for part in scene.ranges),
    )


def _by_unit(columns: list[dict[str, Any]]) -> list[tuple[str, list[tuple[int, dict[str, Any]]]]]:
    """Columns with their place in the legend, without time, in groups of one unit."""
    placed = sorted(enumerate(columns[1:]), key=lambda item: _order(columns[1:], item[1]["unit"]))
    return [(unit, list(group)) for unit, group in groupby(placed, key=lambda item: item[1]["unit"] or "")]


def _order(columns: list[dict[str, Any]], unit: str) -> int:
    return [column["unit"] for column in columns].index(unit)


def _panel(unit: str, columns: list[tuple[int, dict[str, Any]]], data: dict[str, list[float]]) -> Panel:
    values = [value for _, column in columns for value in data[column["name"]]]
    margin = (max(values) - min(values)) * 0.1 or 1.0
    low, high = min(values) - margin, max(values) + margin
    curves = tuple(
        Curve(
            column["name"],
            PENS[place % len(PENS)],
            _path(data["time"], data[column["name"]], low, high),
            data[column["name"]][-1],
        )
        for place, column in columns
    )
    levels = tuple((100 - _percent(tick, low, high), f"{tick:g}".replace("-", "\u2212")) for tick in _ticks(low, high))
    return Panel(unit, curves, levels)


def _path(times: list[float], values: list[float], low: float, high: float) -> str:
    points = (
        f"{_percent(time, times[0], times[-1]) * 10:.1f} {1000 - _percent(value, low, high) * 10:.1f}"
        for time, value in zip(times, values, strict=True)
    )
    return "M" + "L".join(points)


def _percent(value: float, low: float, high: float) -> float:
    return round((value - low) / (high - low) * 100, 3)


def _ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers between low and high, about `wanted` of them."""
    rough = (high - low) / wanted
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    return [round(step * number, 12) for number in range(ceil(low / step), floor(high / step) + 1)]
