"""Whether a simulation is the asker's: the app above knows, and registers its answer here."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from rest_framework.request import Request

type OwnsSimulation = Callable[[HttpRequest | Request, str], bool]

_answers: list[OwnsSimulation] = []


def register(answer: OwnsSimulation) -> None:
    _answers.append(answer)


def owns(request: HttpRequest | Request, simulation: str) -> bool:
    """False when nobody knows."""
    return any(answer(request, simulation) for answer in _answers)
