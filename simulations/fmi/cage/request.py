"""What the door asks of a cell, and what it gets back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulations.fmi.cage.collect import Collected
from simulations.fmi.cage.decode import Expected
from simulations.fmi.cage.job import Kind
from simulations.fmi.errors import RunError
from simulations.fmi.limits import IntakeLimits, Limits


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """payload: JSON for the inmate. archive: the file of an intake. folder: a bare name, as in Job."""

    kind: Kind
    folder: str
    payload: Mapping[str, Any]
    limits: Limits | IntakeLimits
    expected: Expected
    archive: Path | None = None
    on_progress: Callable[[float], None] = lambda share: None
    should_stop: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Answer:
    """error is None when the job ended well; `collected` holds what came back either way."""

    collected: Collected
    error: RunError | None
