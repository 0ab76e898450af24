"""The models of an account, the samples, and the door for new ones."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import APIException

from accounts import rates
from billing.prices import price_of
from simulations.api import bodies
from simulations.errors import BadRequest
from simulations.models import FmuHolding, Simulation
from simulations.samples import SAMPLES
from simulations.services import intake, uploads
from simulations.services.visitors import remember, visitor_of
from simulations.views.paging import cursor_page
from simulations.views.rows import rows_of
from simulations.views.uploading import streams_files

INTAKE_SECONDS = 20
MOST_OF_A_GUEST = 20


def refuse_upload(request: HttpRequest, error: APIException) -> HttpResponse:
    """What is wrong with the file, where it was dropped."""
    context = {"refusal": error}
    if "HX-Request" in request.headers:
        return render(request, "simulations/upload.html#upload", context, status=error.status_code)
    return render(request, "simulations/upload.html", context, status=error.status_code)


@require_http_methods(["GET", "HEAD", "POST"])
@streams_files(refuse_upload)
def models(request: HttpRequest) -> HttpResponse:
    """GET lists; POST takes an FMU in."""
    return _upload(request) if request.method == "POST" else _list(request)


@require_http_methods(["GET", "HEAD", "POST"])
@streams_files(refuse_upload)
def guest(request: HttpRequest) -> HttpResponse:
    """The same without an account: upload, look inside for free, pay for the run."""
    if request.method == "POST":
        return _upload(request)
    if request.user.is_authenticated:
        return redirect("models")
    visitor = visitor_of(request)
    mine = FmuHolding.objects.owned_by(visitor).light()
    runs = Simulation.objects.owned_by(visitor).light()
    context = {
        "rows": rows_of(list(runs[:MOST_OF_A_GUEST])),
        "holdings": mine[:MOST_OF_A_GUEST],
        "samples": SAMPLES,
        "single": price_of("single_run"),
        "fmu_days": settings.GUEST_FMU_DAYS,
        "result_days": settings.GUEST_RESULT_DAYS,
    }
    return render(request, "simulations/guest.html", context)


@login_required
def _list(request: HttpRequest) -> HttpResponse:
    mine = FmuHolding.objects.owned_by(visitor_of(request)).light()
    page = cursor_page(mine, request.GET)
    return render(request, "simulations/models.html", {"page": page, "samples": SAMPLES})


def _upload(request: HttpRequest) -> HttpResponse:
    """Keep the file, wait for the look inside, show it. Raises what the API would."""
    visitor = visitor_of(request)
    rates.spend("upload", visitor)
    file: Any = request.FILES.get(bodies.FMU)
    if file is None:
        raise BadRequest.field("fmu", "required", "Choose a file first: an FMU, with the ending .fmu.")
    holding = uploads.receive(file, sha256=file.sha256, visitor=visitor)
    remember(request, holding)
    intake.await_verdict(holding, seconds=INTAKE_SECONDS)
    return _to(request, holding)


def _to(request: HttpRequest, holding: FmuHolding) -> HttpResponse:
    """htmx follows a header: it would put the answer of a redirect into the drop area."""
    target = redirect("model", holding.public_id)
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": target.url})
    return target
