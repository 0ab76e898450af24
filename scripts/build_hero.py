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

from fmugateway.hero import ANSWERS, POINTS, SCENES, Scene  # noqa: E402


def main(site: str) -> None:
    variables = {
        name: {part.variable: _variable(site, name, part.variable) for part in scene.ranges}
        for name, scene in SCENES.items()
    }
    name, scene = next(iter(SCENES.items()))
    ANSWERS.write_text(json.dumps({"variables": variables, "result": _run(site, name, scene)}) + "\n")


def _variable(site: str, sample: str, variable: str) -> dict[str, str]:
    query = urllib.parse.urlencode({"search": variable})
    page = _ask(f"{site}/api/v1/fmus/sample:{sample}/variables?{query}")
    found = next(one for one in page["results"] if one["name"] == variable)
    return {"unit": found["unit"] or "", "description": found["description"]}


def _run(site: str, name: str, scene: Scene) -> dict[str, Any]:
    """Columns and data of the first plot, to the five digits that a plot can show."""
    request = {
        "fmu_id": f"sample:{name}",
        "stop_time": scene.stop_time,
        "output_interval": scene.stop_time / POINTS,
        "start_values": {part.variable: part.value for part in scene.ranges},
        "outputs": scene.outputs,
    }
    answer = _ask(f"{site}/simulate", request)
    assert answer["status"] == "succeeded", answer["error"]
    data = {column: [float(f"{value:.5g}") for value in values] for column, values in answer["result"]["data"].items()}
    columns = [{"name": column["name"], "unit": column["unit"]} for column in answer["result"]["columns"]]
    return {"columns": columns, "data": data, "stop_time": scene.stop_time}


def _ask(address: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json", "Accept": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
