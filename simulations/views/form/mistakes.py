"""The API's messages, sorted by the part of the form that they are shown at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from simulations.views.form.asked import FIELDS

type Problems = Iterable[Mapping[str, str]]

_START = "start_values."


def by_part(problems: Problems) -> dict[str, str]:
    """Messages by part: `stop_time`, `inputs`, `outputs`, "" for the whole; those of start values are left out."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        if not problem["field"].startswith(_START):
            found.setdefault(_part(problem["field"]), []).append(problem["message"])
    return {part: " ".join(dict.fromkeys(messages)) for part, messages in found.items()}


def by_start_value(problems: Problems) -> dict[str, str]:
    """Messages by variable."""
    return {problem["field"].removeprefix(_START): problem["message"] for problem in problems
            if problem["field"].startswith(_START)}  # fmt: skip


def _part(field: str) -> str:
    for part in ("inputs", "outputs"):
        if field.startswith(part):
            return part
    return field if field in FIELDS else ""
