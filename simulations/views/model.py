"""One model: the verdict, what is inside, and the form that runs it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_POST, require_safe

from simulations.errors import FmuInUse
from simulations.fmi.inspection import Inspection
from simulations.models import Fmu, FmuHolding
from simulations.samples import Sample, find_sample
from simulations.services import deletion
from simulations.services.inspections import inspection_of
from simulations.services.visitors import visitor_of
from simulations.views import access
from simulations.views.form import RunForm
from simulations.views.form.prefill import suggested_inputs
from simulations.views.offers import offer
from simulations.views.variables import variable_page


@dataclass(frozen=True, slots=True)
class Model:
    """A holding with what is inside it."""

    holding: FmuHolding
    inspection: Inspection
    sample: Sample | None

    @property
    def title(self) -> str:
        return self.sample.title if self.sample else self.inspection.model_name

    @property
    def summary(self) -> str:
        return self.sample.summary if self.sample else self.inspection.description or ""


@require_safe
def model(request: HttpRequest, fmu_id: str) -> HttpResponse:
    """The page; while the look inside goes on, what there is so far; for htmx the variables alone."""
    holding = access.holding(request, fmu_id)
    if holding.fmu.status != Fmu.Status.ACCEPTED:
        return render(request, "simulations/checking.html", {"holding": holding})
    opened = open_model(holding)
    variables = variable_page(opened.inspection, request.GET.dict())
    if request.headers.get("HX-Target") == "variables":
        return render(request, "simulations/model.html#variables", {"variables": variables, "model": opened})
    return render(request, "simulations/model.html", _context(request, opened) | {"variables": variables})


@require_POST
def delete_model(request: HttpRequest, fmu_id: str) -> HttpResponse:
    """Forget an FMU; its finished runs stay."""
    holding = access.own_holding(request, fmu_id)
    try:
        deletion.delete_fmu(holding)
    except FmuInUse as error:
        messages.error(request, str(error.detail))
        return redirect("model", fmu_id)
    messages.success(request, f"{holding.fmu.model_name or holding.file_name} is deleted. Its runs are still here.")
    return redirect("models" if request.user.is_authenticated else "guest")


def open_model(holding: FmuHolding) -> Model:
    return Model(holding, inspection_of(holding.fmu), find_sample(holding.sample_name))


def _context(request: HttpRequest, opened: Model) -> dict[str, object]:
    visitor = visitor_of(request)
    runs = opened.inspection.verdict.runs
    empty: MultiValueDict[str, str] = MultiValueDict()
    return {
        "model": opened,
        "mine": FmuHolding.objects.owned_by(visitor).filter(pk=opened.holding.pk).exists(),
        "offer": offer(opened.holding, visitor) if runs else None,
        "form": RunForm(opened.inspection, empty, suggested_inputs(opened.sample), opened.sample) if runs else None,
    }
