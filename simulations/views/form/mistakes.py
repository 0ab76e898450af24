"""The API's messages, sorted by the part of the form that they are shown at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from simulations.views.form.asked import FIELDS

type Problems = Iterable[Mapping[str, str]]

_START = "start_values."
# What templates/simulations/form.html calls the fields.
LABELS = {
    "start_time": "Start time",
    "stop_time": "Stop time",
    "output_interval": "Output every",
    "step_size": "Step size",
    "relative_tolerance": "Tolerance",
}
# Not in quotes: there it is what a program writes.
_NAMES = re.compile(rf"(?<!['\w])({'|'.join(LABELS)})(?!['\w])")


def by_part(problems: Problems) -> dict[str, str]:
    """Messages by part: `stop_time`, `inputs`, `outputs`, "" for the whole; those of start values are left out."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        if not problem["field"].startswith(_START):
            part = _part(problem["field"])
            message = problem["message"]
            found.setdefault(part, []).append(_as_labelled(message) if part in FIELDS else message)
    return {part: " ".join(dict.fromkeys(messages)) for part, messages in found.items()}


def by_start_value(problems: Problems) -> dict[str, str]:
    """Messages by variable."""
    return {problem["field"].removeprefix(_START): problem["message"] for problem in problems
            if problem["field"].startswith(_START)}  # fmt: skip


def _as_labelled(message: str) -> str:
    """`stop_time -1 must lie after start_time 0.` in the words that stand at the fields."""
    return _NAMES.sub(lambda name: LABELS[name[0]] if name.start() == 0 else name[0].replace("_", " "), message)


def _part(field: str) -> str:
    for part in ("inputs", "outputs"):
        if field.startswith(part):
            return part
    return field if field in FIELDS else ""
