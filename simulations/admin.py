"""Support's view of runs and models: what happened, run it again, stop it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from rest_framework.exceptions import APIException
from unfold.admin import ModelAdmin
from unfold.dataclasses import UnfoldAction
from unfold.paginator import InfinitePaginator

from accounts.staff import ActionRefused, ReadOnlyAdmin, ask_and_act, staff_action
from simulations.models import FINAL, AccountLimits, FmuHolding, Simulation, Status, Worker
from simulations.services.cancel import cancel
from simulations.services.rerun import rerun
from simulations.templatetags.runs import duration


@admin.register(Simulation)
class SimulationAdmin(ReadOnlyAdmin):
    """Without the secret link and the inputs, which are the customer's."""

    list_display = ["public_id", "status", "error_code", "model_name", "user", "is_sample", "created_at", "took"]
    list_filter = ["status", "is_sample"]
    search_fields = ["=public_id", "user__email", "=payment"]
    list_select_related = ["user"]
    # Page by page without a count of all, which reads the whole table.
    paginator = InfinitePaginator
    show_full_result_count = False
    exclude = ["share_key", "inputs", "spark", "columns", "fmu", "run_seconds", "cpu_seconds", "peak_memory_bytes"]
    readonly_fields = ["took", "processor", "peak_memory"]
    actions_detail = ["run_again", "stop"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).light()

    @admin.display(description="Took", ordering="run_seconds")
    def took(self, simulation: Simulation) -> str:
        return duration(simulation.run_seconds)

    @admin.display(description="Processor time")
    def processor(self, simulation: Simulation) -> str:
        return duration(simulation.cpu_seconds)

    @admin.display(description="Peak memory")
    def peak_memory(self, simulation: Simulation) -> str:
        return filesizeformat(simulation.peak_memory_bytes) if simulation.peak_memory_bytes else ""

    def get_actions_detail(self, request: HttpRequest, object_id: int | str) -> list[UnfoldAction]:
        """A run that has ended has no button that stops it."""
        buttons: list[UnfoldAction] = super().get_actions_detail(request, object_id)
        if not Simulation.objects.filter(pk=object_id, status__in=FINAL).exists():
            return buttons
        return [button for button in buttons if not button.action_name.endswith("stop")]

    def has_support_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("simulations.change_simulation")

    @staff_action(description="Run again", permission="support", icon="replay")
    def run_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        warning = "Starts a new run with the same request for the same owner, who pays for it if it succeeds."
        return ask_and_act(self, request, object_id, title="Run again", warning=warning, act=_run_again)

    @staff_action(description="Cancel", permission="support", icon="stop_circle")
    def stop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        warning = "A run that waits is dropped and costs nothing; one that runs is stopped and is charged for."
        return ask_and_act(self, request, object_id, title="Cancel the run", warning=warning, act=_stop)


@admin.register(AccountLimits)
class AccountLimitsAdmin(ModelAdmin):  # type: ignore[misc]  # unfold is not typed
    """More, or less, than the plan allows, for one account. Its next run has them."""

    list_display = ["user", "wall_seconds", "cpu_seconds", "memory_bytes", "values", "note"]
    search_fields = ["user__email", "note"]
    autocomplete_fields = ["user"]


@admin.register(FmuHolding)
class FmuHoldingAdmin(ReadOnlyAdmin):
    """Whose models there are; not what is in them."""

    list_display = ["public_id", "fmu", "file_name", "user", "is_sample", "created_at", "last_used_at"]
    list_filter = ["is_sample"]
    search_fields = ["=public_id", "user__email", "file_name", "=fmu__sha256"]
    list_select_related = ["fmu", "user"]


@admin.register(Worker)
class WorkerAdmin(ReadOnlyAdmin):
    """Who runs, and how well it isolates."""

    list_display = ["name", "cage_level", "cage_reason", "cage_starts", "started_at", "seen_at"]


def _run_again(simulation: Simulation, answers: dict[str, Any]) -> str:
    try:
        fresh = rerun(simulation)
    except APIException as error:
        raise ActionRefused(str(error.detail)) from error
    if fresh.status == Status.AWAITING_PAYMENT:
        return f"{fresh.public_id} waits for a credit: grant goodwill to its owner, and it starts by itself."
    return f"{fresh.public_id} is on its way."


def _stop(simulation: Simulation, answers: dict[str, Any]) -> str:
    try:
        cancel(simulation)
    except APIException as error:
        raise ActionRefused(str(error.detail)) from error
    return f"{simulation.public_id} is {'stopping' if simulation.status == Status.RUNNING else 'cancelled'}."
