"""FMUs: upload once, look inside, list, download, forget."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import FileResponse, HttpResponseRedirect
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from simulations.api import bodies, docs, downloads, present, requests
from simulations.api.base import ApiView
from simulations.api.pages import page, slice_of
from simulations.api.shapes import CAUSALITIES
from simulations.api.simulate import INTAKE_SECONDS
from simulations.api.simulations import require_somebody
from simulations.errors import BadRequest
from simulations.fmi.inspection import Variable
from simulations.models import Fmu, FmuHolding
from simulations.models.fmu import FmuHoldingQuerySet
from simulations.services import deletion, holdings, intake, uploads
from simulations.services.inspections import inspection_of
from simulations.services.visitors import remember
from simulations.visitor import Visitor


class FmusView(ApiView):
    """Upload one; list yours, or the samples."""

    def count(self, request: Request) -> None:
        if request.method == "POST":
            self.spend("upload")
        else:
            super().count(request)

    @docs.UPLOAD
    def post(self, request: Request) -> Response:
        file = request.FILES.get(bodies.FMU) if requests.is_form(request) else None
        if file is None:
            raise BadRequest.field("fmu", "required", "Send the FMU as the file part 'fmu' of multipart/form-data.")
        holding = uploads.receive(file, sha256=file.sha256, visitor=self.visitor)
        remember(request, holding)
        looked = intake.await_verdict(holding, seconds=INTAKE_SECONDS)
        code = status.HTTP_201_CREATED if looked else status.HTTP_202_ACCEPTED
        body = present.fmu(holding, request)
        return Response(body, status=code, headers={"Location": body["url"]})

    @docs.LIST_FMUS
    def get(self, request: Request) -> Response:
        return page(_listed(request, self.visitor), request, self, present.fmu_summary)


class FmuView(ApiView):
    """One FMU."""

    @docs.FMU
    def get(self, request: Request, fmu_id: str) -> Response:
        return Response(present.fmu(holdings.find(fmu_id, self.visitor), request))

    @docs.DELETE_FMU
    def delete(self, request: Request, fmu_id: str) -> Response:
        deletion.delete_fmu(_own(fmu_id, self.visitor))
        return Response(status=status.HTTP_204_NO_CONTENT)


class VariablesView(ApiView):
    """The variables of one FMU, searched and sliced."""

    @docs.VARIABLES
    def get(self, request: Request, fmu_id: str) -> Response:
        holding = holdings.find(fmu_id, self.visitor)
        if holding.fmu.status != Fmu.Status.ACCEPTED:
            raise NotFound(f"{fmu_id} has no variables yet: it is {holding.fmu.status}.")
        found = _searched(inspection_of(holding.fmu).variables, request)
        return slice_of(found, request, self, present.variable)


class DownloadView(ApiView):
    """The bytes of one FMU, for its owner."""

    @docs.DOWNLOAD
    def get(self, request: Request, fmu_id: str) -> FileResponse | HttpResponseRedirect:
        holding = holdings.find(fmu_id, self.visitor)
        if not holding.is_sample:
            holding = _own(fmu_id, self.visitor)
        if not holding.fmu.archive:
            raise NotFound(f"{fmu_id} was refused; its bytes are not kept.")
        name = holding.file_name or f"{holding.fmu.model_name}.fmu"
        return downloads.attachment(holding.fmu.archive, file_name=name)


def _own(fmu_id: str, visitor: Visitor) -> FmuHolding:
    holding = holdings.find(fmu_id, visitor)
    if not FmuHolding.objects.owned_by(visitor).filter(pk=holding.pk).exists():
        raise NotFound(f"There is no FMU '{fmu_id}', or it is not yours.")
    return holding


def _listed(request: Request, visitor: Visitor) -> FmuHoldingQuerySet:
    rows = FmuHolding.objects.light()
    owner = request.query_params.get("owner")
    if owner == "samples":
        return rows.samples()
    if owner is not None:
        raise BadRequest.field("owner", "invalid_choice", "'owner' can only be 'samples'; leave it out for your own.")
    require_somebody(visitor)
    return rows.owned_by(visitor)


def _searched(variables: Sequence[Variable], request: Request) -> list[Variable]:
    text = request.query_params.get("search", "").casefold()
    causality = _causality(request)
    return [
        variable
        for variable in variables
        if (causality is None or variable.causality == causality)
        and (text in variable.name.casefold() or text in (variable.description or "").casefold())
    ]


def _causality(request: Request) -> str | None:
    wanted = request.query_params.get("causality") or None
    if wanted is not None and wanted not in CAUSALITIES:
        message = f"'{wanted[:40]}' is not a causality; choose {', '.join(CAUSALITIES)}."
        raise BadRequest.field("causality", "invalid_choice", message)
    return wanted
