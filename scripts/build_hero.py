"""Ask a running site for the first curves of the landing page and keep the answers in fmugateway/hero.json.

`make run` in one window, `python scripts/build_hero.py [address]` in another, commit what changed.
"""

from __future__ import annotations

import json
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fmugateway.hero import ANSWERS, MODELS, POINTS  # noqa: E402
from simulations.samples import Slider, find_sample  # noqa: E402


def main(site: str) -> None:
    models = {name: _facts(site, name, sliders) for name, (_, sliders, _) in MODELS.items()}
    first = next(iter(MODELS))
    ANSWERS.write_text(json.dumps({"models": models, "result": _run(site, first, models[first])}) + "\n")


def _facts(site: str, name: str, sliders: tuple[str, ...]) -> dict[str, Any]:
    sample = find_sample(name)
    assert sample is not None, name
    fmu = _ask(f"{site}/api/v1/fmus/sample:{name}")
    ranges = {slider.variable: slider for slider in sample.sliders}
    return {
        "stop_time": fmu["default_experiment"]["stop_time"],
        "variables": {variable: _variable(site, name, ranges[variable]) for variable in sliders},
    }


def _variable(site: str, sample: str, slider: Slider) -> dict[str, Any]:
    """The value the slider starts at, on one of its steps, with the variable's unit and description."""
    query = urllib.parse.urlencode({"search": slider.variable})
    page = _ask(f"{site}/api/v1/fmus/sample:{sample}/variables?{query}")
    found = next(variable for variable in page["results"] if variable["name"] == slider.variable)
    steps = round((found["start"] - slider.minimum) / slider.step)
    value = round(slider.minimum + steps * slider.step, 9)
    return {"value": value, "unit": found["unit"] or "", "description": found["description"]}


def _run(site: str, name: str, facts: dict[str, Any]) -> dict[str, Any]:
    request = {
        "fmu_id": f"sample:{name}",
        "output_interval": facts["stop_time"] / POINTS,
        "start_values": {variable: fact["value"] for variable, fact in facts["variables"].items()},
        "outputs": MODELS[name][2],
    }
    answer = _ask(f"{site}/simulate", request)
    assert answer["status"] == "succeeded", answer["error"]
    data = {column: [float(f"{value:.5g}") for value in values] for column, values in answer["result"]["data"].items()}
    columns = [{"name": column["name"], "unit": column["unit"]} for column in answer["result"]["columns"]]
    return {"columns": columns, "data": data, "stop_time": facts["stop_time"]}


def _ask(address: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json", "Accept": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
