"""The run form: shown, helped while it is filled in, and submitted through the service that the API uses."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods
from rest_framework.exceptions import APIException

from accounts import rates
from billing import payments
from billing.views.redirects import see_other
from simulations.api import bodies
from simulations.models import Fmu, Simulation, Status
from simulations.services import asking, entitlements, sharing, waiting
from simulations.services import submit as submitting
from simulations.services.visitors import remember, visitor_of
from simulations.views import access, previews
from simulations.views.form import RunForm, prefill, signals
from simulations.views.model import Model, open_model
from simulations.views.offers import offer
from simulations.views.uploading import streams_files

# A short run is over before its page is drawn.
WAIT_SECONDS = 1.5
PARTS = ("start_values", "outputs", "inputs")


def _refuse(request: HttpRequest, error: APIException, fmu_id: str) -> HttpResponse:
    """A form that could not be read: too large, or not a form."""
    opened = _opened(request, fmu_id)
    form = RunForm(opened.inspection, MultiValueDict(), signals.Inputs(), opened.sample)
    return _page(request, opened, form.refused(error), status=error.status_code)


@require_http_methods(["GET", "HEAD", "POST"])
@streams_files(_refuse)
def run(request: HttpRequest, fmu_id: str) -> HttpResponse:
    """GET shows the form, with `?from=sim_...` as that run was; POST runs it; `?part=` answers a part of the form."""
    opened = _opened(request, fmu_id)
    if request.method != "POST":
        return _page(request, opened, _fresh(request, opened))
    form = RunForm(opened.inspection, request.POST, signals.Inputs(text=request.POST.get("inputs", "")), opened.sample)
    try:
        form.inputs = signals.read(request.POST.get("inputs", ""), request.FILES.get(bodies.INPUTS))
        if (part := request.GET.get("part") or request.POST.get("part")) in PARTS:
            return _part(request, opened, form, part or "")
        return _go(request, _submit(request, opened, form))
    except APIException as error:
        return _page(request, opened, form.refused(error), status=error.status_code)


def _opened(request: HttpRequest, fmu_id: str) -> Model:
    holding = access.holding(request, fmu_id)
    if holding.fmu.status != Fmu.Status.ACCEPTED:
        raise Http404(f"{fmu_id} is not looked into yet.")
    opened = open_model(holding)
    if not opened.inspection.verdict.runs:
        raise Http404(f"{fmu_id} does not run here.")
    return opened


def _fresh(request: HttpRequest, opened: Model) -> RunForm:
    """With the defaults, or with what an earlier run of this visitor asked for."""
    earlier = request.GET.get("from")
    if not earlier:
        return RunForm(opened.inspection, request.GET, prefill.suggested_inputs(opened.sample), opened.sample)
    simulation = access.simulation(request, earlier)
    given = prefill.from_simulation(simulation, opened.inspection)
    return RunForm(opened.inspection, given, prefill.inputs_of(simulation), opened.sample)


def _submit(request: HttpRequest, opened: Model, form: RunForm) -> Simulation:
    visitor = entitlements.with_unused_payment(visitor_of(request))
    rates.spend("sample" if opened.holding.is_sample else rates.general_bucket(visitor), visitor)
    simulation = submitting.submit(opened.holding, form.experiment(), visitor=visitor)
    remember(request, simulation)
    if visitor.user is None:
        # The secret link is all that a guest can keep.
        sharing.share(simulation)
    return simulation


def _go(request: HttpRequest, simulation: Simulation) -> HttpResponse:
    """To the run; a guest's first to the card."""
    if simulation.status != Status.AWAITING_PAYMENT:
        waiting.until_finished(simulation, seconds=WAIT_SECONDS)
    elif simulation.user is None and (required := asking.payment_required(simulation, visitor_of(request))):
        payments.note_opened(required.extra["payment"]["id"])
        return see_other(required.extra["checkout_url"])
    return redirect("simulation", simulation.public_id)


def _part(request: HttpRequest, opened: Model, form: RunForm, part: str) -> HttpResponse:
    """One part of the form as it now is; without a script the whole page."""
    if "HX-Request" not in request.headers:
        return _page(request, opened, form)
    context: dict[str, object] = {"model": opened, "form": form}
    if part == "inputs":
        context["preview"] = previews.preview(form)
    return render(request, f"simulations/form.html#{part}", context)


def _page(request: HttpRequest, opened: Model, form: RunForm, *, status: int = 200) -> HttpResponse:
    context = {"model": opened, "form": form, "offer": offer(opened.holding, visitor_of(request)), "wide": True}
    return render(request, "simulations/run.html", context, status=status)
