"""What billing asks about a simulation: the app above knows, and registers its answers here."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from rest_framework.request import Request

type OwnsSimulation = Callable[[HttpRequest | Request, str], bool]
type AwaitsPayment = Callable[[str], bool]

_answers: list[tuple[OwnsSimulation, AwaitsPayment]] = []


def register(owns: OwnsSimulation, awaits_payment: AwaitsPayment) -> None:
    _answers.append((owns, awaits_payment))


def owns(request: HttpRequest | Request, simulation: str) -> bool:
    """Whether it is the asker's. False when nobody knows."""
    return any(owns(request, simulation) for owns, _ in _answers)


def awaits_payment(simulation: str) -> bool:
    """Whether paying would start it. False when nobody knows: it was deleted."""
    return any(awaits_payment(simulation) for _, awaits_payment in _answers)
