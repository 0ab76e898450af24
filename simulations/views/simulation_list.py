"""The runs of an account."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from simulations.models import Simulation, Status
from simulations.services.visitors import visitor_of
from simulations.views.paging import cursor_page
from simulations.views.rows import rows_of

# What people look for; the words are those of the badges.
FILTERS = {
    "": ("All", ()),
    "going": ("Going", (Status.QUEUED, Status.RUNNING)),
    "succeeded": ("Succeeded", (Status.SUCCEEDED,)),
    "failed": ("Failed", (Status.FAILED,)),
    "waiting": ("To pay", (Status.AWAITING_PAYMENT,)),
    "stopped": ("Stopped", (Status.CANCELED, Status.EXPIRED)),
}


@require_safe
@login_required
def simulations(request: HttpRequest) -> HttpResponse:
    """Newest first, `?status=` one of FILTERS, `?model=` of one FMU."""
    mine = Simulation.objects.owned_by(visitor_of(request)).light()
    chosen = request.GET.get("status", "")
    _, statuses = FILTERS.get(chosen, FILTERS[""])
    if statuses:
        mine = mine.filter(status__in=statuses)
    page = cursor_page(mine, request.GET)
    context = {
        "page": page,
        "rows": rows_of(page.rows),
        "chosen": chosen if chosen in FILTERS else "",
        "filters": [(name, label) for name, (label, _) in FILTERS.items()],
    }
    return render(request, "simulations/simulations.html", context)
