"""The live model of the landing page: what one can play with, and the curves before anybody has touched it.

hero.json holds what the API answered for the first settings; `scripts/build_hero.py` writes it anew.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from simulations.samples import find_sample
from simulations.views.drawing import PENS, Drawing, Signal, draw

ANSWERS = Path(__file__).with_name("hero.json")
POINTS = 250


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


@cache
def live_models() -> tuple[LiveModel, ...]:
    return tuple(_live_model(name, scene) for name, scene in SCENES.items())


@cache
def first_result() -> dict[str, Any]:
    """Columns, data and stop time of the first tab, as the plot module wants them."""
    return dict(_answers()["result"])


@cache
def first_drawing() -> Drawing:
    """The first result as the server draws it, before any script has run."""
    result = first_result()
    data = {name: np.array(values, float) for name, values in result["data"].items()}
    signals = [
        Signal(
            panel=column["unit"] or "",
            label=column["name"],
            unit=column["unit"] or "",
            pen=PENS[place % len(PENS)],
            times=data["time"],
            values=data[column["name"]],
        )
        for place, column in enumerate(result["columns"][1:])
    ]
    return draw(signals)


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
