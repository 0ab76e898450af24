"""Find what an address names, for its owner; what is somebody else's is not there."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from simulations.errors import UnknownFmu
from simulations.models import FmuHolding, Simulation
from simulations.services import holdings
from simulations.services.visitors import visitor_of


def holding(request: HttpRequest, fmu_id: str) -> FmuHolding:
    """An FMU that this visitor may look at and run."""
    try:
        return holdings.find(fmu_id, visitor_of(request))
    except UnknownFmu as error:
        raise Http404(str(error.detail)) from error


def own_holding(request: HttpRequest, fmu_id: str) -> FmuHolding:
    """An FMU that this visitor brought."""
    mine = FmuHolding.objects.owned_by(visitor_of(request)).light()
    return get_object_or_404(mine, public_id=fmu_id)


def simulation(request: HttpRequest, simulation_id: str) -> Simulation:
    """A simulation that this visitor may look at."""
    return get_object_or_404(Simulation.objects.visible_to(visitor_of(request)), public_id=simulation_id)


def own_simulation(request: HttpRequest, simulation_id: str) -> Simulation:
    """A simulation that this visitor started."""
    return get_object_or_404(Simulation.objects.owned_by(visitor_of(request)), public_id=simulation_id)
