"""Billing's questions about a simulation."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework.request import Request

from simulations.models import Simulation
from simulations.services.visitors import visitor_of


def owns(request: HttpRequest | Request, simulation: str) -> bool:
    """By account, by paid token, or because this browser made it."""
    return Simulation.objects.owned_by(visitor_of(request)).filter(public_id=simulation).exists()
