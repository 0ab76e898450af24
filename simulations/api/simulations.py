"""Simulations that are there: list, look, stop, forget."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import status
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from simulations.api import docs, present
from simulations.api.base import ApiView
from simulations.api.pages import page
from simulations.api.prefer import wait_seconds
from simulations.api.simulate import SimulateView
from simulations.errors import BadRequest
from simulations.models import Simulation, Status
from simulations.services import cancel, deletion, waiting
from simulations.visitor import Visitor


class SimulationsView(SimulateView):
    """Create one; list yours."""

    @docs.CREATE_SIMULATION
    def post(self, request: Request) -> Response:
        return self.create(request)

    @docs.LIST_SIMULATIONS
    def get(self, request: Request) -> Response:
        require_somebody(self.visitor)
        rows = Simulation.objects.owned_by(self.visitor).light()
        return page(_with_status(rows, request), request, self, present.simulation_summary)


class SimulationView(ApiView):
    """One simulation."""

    @docs.SIMULATION
    def get(self, request: Request, simulation_id: str) -> Response:
        simulation = find(simulation_id, self.visitor)
        if "Prefer" in request.headers:
            waiting.until_finished(simulation, seconds=wait_seconds(request))
        return Response(present.simulation(simulation, request, self.visitor))

    @docs.DELETE_SIMULATION
    def delete(self, request: Request, simulation_id: str) -> Response:
        deletion.delete_simulation(find_own(simulation_id, self.visitor))
        return Response(status=status.HTTP_204_NO_CONTENT)


class CancelView(ApiView):
    """Stop one simulation."""

    @docs.CANCEL
    def post(self, request: Request, simulation_id: str) -> Response:
        simulation = find(simulation_id, self.visitor)
        cancel.cancel(simulation)
        ended = waiting.until_finished(simulation, seconds=wait_seconds(request))
        body = present.simulation(simulation, request, self.visitor)
        return Response(body, status=status.HTTP_200_OK if ended else status.HTTP_202_ACCEPTED)


def find(simulation_id: str, visitor: Visitor) -> Simulation:
    """Somebody else's simulation is not there."""
    return _first(Simulation.objects.visible_to(visitor), simulation_id)


def find_own(simulation_id: str, visitor: Visitor) -> Simulation:
    return _first(Simulation.objects.owned_by(visitor), simulation_id)


def require_somebody(visitor: Visitor) -> None:
    """A list belongs to somebody."""
    if visitor.is_anonymous and not visitor.fmus and not visitor.simulations:
        raise NotAuthenticated("Send an API token: Authorization: Bearer fmu_...")


def _first(rows: QuerySet[Simulation], simulation_id: str) -> Simulation:
    simulation = rows.filter(public_id=simulation_id).first()
    if simulation is None:
        raise NotFound(f"There is no simulation '{simulation_id}', or it is not yours.")
    return simulation


def _with_status(rows: QuerySet[Simulation], request: Request) -> QuerySet[Simulation]:
    wanted = request.query_params.get("status")
    if not wanted:
        return rows
    if wanted not in Status.values:
        message = f"'{wanted[:40]}' is not a status; choose {', '.join(Status.values)}."
        raise BadRequest.field("status", "invalid_choice", message)
    return rows.filter(status=wanted)
