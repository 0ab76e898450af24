"""Addresses of the working pages."""

from __future__ import annotations

from django.urls import path

# The converters of ids are registered there.
from simulations.api import urls as _converters  # noqa: F401
from simulations.views import (
    actions,
    compare,
    dashboard,
    model,
    model_list,
    plot_data,
    run,
    shared,
    simulation,
    simulation_list,
)

_SIMULATION = "dashboard/simulations/<simulation_id:simulation_id>/"
_MODEL = "dashboard/models/<fmu_id:fmu_id>/"

urlpatterns = [
    path("run/", model_list.guest, name="guest"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/models/", model_list.models, name="models"),
    path(_MODEL, model.model, name="model"),
    path(f"{_MODEL}run/", run.run, name="run"),
    path(f"{_MODEL}delete/", model.delete_model, name="delete_model"),
    path("dashboard/simulations/", simulation_list.simulations, name="simulations"),
    path(_SIMULATION, simulation.simulation, name="simulation"),
    path(f"{_SIMULATION}plot.json", plot_data.plot_json, name="plot"),
    path(f"{_SIMULATION}cancel/", actions.cancel, name="cancel_simulation"),
    path(f"{_SIMULATION}pay/", actions.pay, name="pay_simulation"),
    path(f"{_SIMULATION}share/", actions.share, name="share_simulation"),
    path(f"{_SIMULATION}delete/", actions.delete, name="delete_simulation"),
    path("dashboard/compare/", compare.compare, name="compare"),
    path("s/<str:share_key>/", shared.shared, name="shared_simulation"),
    path("s/<str:share_key>/plot.json", shared.shared_plot, name="shared_plot"),
    path("s/<str:share_key>/result.csv", shared.shared_csv, name="shared_csv"),
]
