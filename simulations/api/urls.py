"""Addresses of the simulations API."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from simulations.api.fmus import DownloadView, FmusView, FmuView, VariablesView
from simulations.api.results import ResultView
from simulations.api.simulate import SimulateView
from simulations.api.simulations import CancelView, SimulationsView, SimulationView


class FmuIdConverter(StringConverter):
    regex = r"(?:fmu_|sample:|sha256:)[A-Za-z0-9_.-]{1,80}"


class SimulationIdConverter(StringConverter):
    regex = r"sim_[A-Za-z0-9]{1,40}"


class ResultKindConverter(StringConverter):
    regex = r"csv|json|npz"


register_converter(FmuIdConverter, "fmu_id")
register_converter(SimulationIdConverter, "simulation_id")
register_converter(ResultKindConverter, "result_kind")

urlpatterns = [
    path("simulate", SimulateView.as_view(), name="api-simulate"),
    path("api/v1/simulations", SimulationsView.as_view(), name="api-simulations"),
    path("api/v1/simulations/<simulation_id:simulation_id>", SimulationView.as_view(), name="api-simulation"),
    path("api/v1/simulations/<simulation_id:simulation_id>/cancel", CancelView.as_view(), name="api-cancel"),
    path(
        "api/v1/simulations/<simulation_id:simulation_id>/result.<result_kind:kind>",
        ResultView.as_view(),
        name="api-result",
    ),
    path("api/v1/fmus", FmusView.as_view(), name="api-fmus"),
    path("api/v1/fmus/<fmu_id:fmu_id>", FmuView.as_view(), name="api-fmu"),
    path("api/v1/fmus/<fmu_id:fmu_id>/variables", VariablesView.as_view(), name="api-fmu-variables"),
    path("api/v1/fmus/<fmu_id:fmu_id>/download", DownloadView.as_view(), name="api-fmu-download"),
]
