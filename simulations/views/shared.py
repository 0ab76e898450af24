"""A run by its secret link: to look at, by anybody who has it."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from simulations.errors import NoResult, ResultTrimmed
from simulations.models import Simulation
from simulations.services import exports, results, sharing
from simulations.views import plot_data
from simulations.views.code import code_of
from simulations.views.simulation import about


@require_safe
@never_cache
def shared(request: HttpRequest, share_key: str) -> HttpResponse:
    found = _find(share_key)
    context = about(found) | {"code": code_of(found), "plot_url": reverse("shared_plot", args=[share_key])}
    return render(request, "simulations/shared.html", context | {"share_key": share_key})


@require_safe
@gzip_page
def shared_plot(request: HttpRequest, share_key: str) -> HttpResponse:
    return plot_data.answer(request, _find(share_key))


@require_safe
def shared_csv(request: HttpRequest, share_key: str) -> HttpResponseBase:
    """The whole result of a run that succeeded."""
    found = _find(share_key)
    try:
        results.require_downloads(found)
    except (NoResult, ResultTrimmed) as error:
        raise Http404(str(error.detail)) from error
    disposition = f'attachment; filename="{found.public_id}.csv"'
    return StreamingHttpResponse(_pieces(found), content_type="text/csv", headers={"Content-Disposition": disposition})


def _pieces(found: Simulation) -> Iterator[bytes]:
    with results.opened(found) as result:
        yield from exports.as_csv(result)


def _find(share_key: str) -> Simulation:
    found = sharing.find_shared(share_key)
    if found is None:
        raise Http404("This link is off, or was never on.")
    return found
