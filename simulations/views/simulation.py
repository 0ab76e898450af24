"""One run: where it is and what came of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing import ledger
from billing.prices import price_list
from simulations.models import Simulation, Status
from simulations.services import results
from simulations.services.costs import charged_among
from simulations.services.visitors import visitor_of
from simulations.templatetags.runs import number
from simulations.views import access, drawing
from simulations.views.code import code_of
from simulations.views.differences import settings_of
from simulations.views.texts import texts_of

_FEWEST_ROWS = 2
_TIME_AND_ONE = 2


@require_safe
@never_cache
def simulation(request: HttpRequest, simulation_id: str) -> HttpResponse:
    """The page in the state that the run is in; while it waits or goes, htmx asks whether it still does."""
    found = access.simulation(request, simulation_id)
    if (shown := request.headers.get("HX-Target")) in ("awaiting", "going"):
        return _progress(request, found, shown)
    return render(request, f"simulations/{_template(found)}.html", _context(request, found))


def _progress(request: HttpRequest, found: Simulation, shown: str) -> HttpResponse:
    """In another state than the one that is shown a run has another page: htmx loads it whole."""
    if _template(found) != shown:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if shown == "awaiting":
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "simulations/going.html#going", {"simulation": found})


def _template(found: Simulation) -> str:
    """Which page a state has."""
    pages: dict[str, str] = {
        Status.AWAITING_PAYMENT: "awaiting",
        Status.QUEUED: "going",
        Status.RUNNING: "going",
        Status.SUCCEEDED: "succeeded",
    }
    return pages.get(found.status, "ended")


def _context(request: HttpRequest, found: Simulation) -> dict[str, Any]:
    visitor = visitor_of(request)
    before = previous(found)
    overlay = before if before and share_an_output(found, before) else None
    context = about(found, before) | {
        "mine": Simulation.objects.owned_by(visitor).filter(pk=found.pk).exists(),
        "before": before,
        "code": code_of(found),
        "plot_url": reverse("plot", args=[found.public_id]),
        "overlay": overlay,
        "before_url": reverse("plot", args=[overlay.public_id]) if overlay else "",
        "share_url": request.build_absolute_uri(reverse("shared_simulation", args=[found.share_key])),
        "runs_left": ledger.available(visitor.user) if visitor.user else None,
        "stopped_at": stopped_at(found),
        "result_days": settings.GUEST_RESULT_DAYS,
        "refund_days": settings.UNUSED_PAYMENT_REFUND_DAYS,
    }
    if found.status == Status.AWAITING_PAYMENT:
        context["prices"] = price_list() if visitor.user else price_list()[:1]
    return context


def about(found: Simulation, before: Simulation | None = None) -> dict[str, Any]:
    """What every page of a run shows: the run, its settings, its curves as the server draws them."""
    return {
        "simulation": found,
        "settings": settings_of(found, before),
        "drawing": draw(found),
        "texts": texts_of(found),
        "charged": found.public_id in charged_among([found]),
        "charging": ledger.charging() and not found.is_sample,
    }


def draw(found: Simulation) -> drawing.Drawing | None:
    """None when there is nothing to draw."""
    if not found.result or (found.rows or 0) < _FEWEST_ROWS:
        return None
    with results.opened(found, max_points=drawing.POINTS) as result:
        curves = results.curves(result)
        if len(curves.columns) < _TIME_AND_ONE:
            return None
        return drawing.draw_result(curves, stop_time=found.request["stop_time"], partial=found.result_is_partial)


def stopped_at(found: Simulation) -> str:
    """How far a run came, for its headline; "" when nobody knows."""
    if not found.result_is_partial or not found.result:
        return ""
    with results.opened(found) as result:
        return f"The model stopped at t = {number(float(result.data['time'][-1]))} s. " if len(result.data) else ""


def share_an_output(found: Simulation, other: Simulation) -> bool:
    """Whether their curves can be laid over each other."""
    names = {column.name for column in results.curves_of(found)}
    return not names.isdisjoint(column.name for column in results.curves_of(other))


def previous(found: Simulation) -> Simulation | None:
    """The run of the same model before this one, of the same owner, if its result is kept."""
    if found.fmu_id is None or found.user_id is None:
        return None
    earlier = Simulation.objects.filter(user=found.user_id, fmu=found.fmu_id, status=Status.SUCCEEDED, pk__lt=found.pk)
    return earlier.exclude(result="").defer("inputs", "log").order_by("-pk").first()
