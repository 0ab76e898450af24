"""Runs beside each other: one panel an output, one pen a run."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from simulations.fmi.experiment import Result
from simulations.models import Simulation, Status
from simulations.services import results
from simulations.services.visitors import visitor_of
from simulations.templatetags.runs import short
from simulations.views.differences import differences
from simulations.views.drawing import PENS, POINTS, Drawing, Signal, draw
from simulations.views.rows import rows_of

MOST = 6
OFFERED = 30


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """`?ids=a,b` or `?ids=a&ids=b`; fewer than two ask for some."""
    runs = _chosen(request)
    candidates = _candidates(request, runs)
    context = {
        "runs": [(run, PENS[place]) for place, run in enumerate(runs)],
        "rows": rows_of(candidates),
        "chosen": {run.public_id for run in runs},
        "most": MOST,
    }
    if len(runs) > 1:
        shared = _shared_outputs(runs)
        context |= {"drawing": _draw(runs, shared), "differences": differences(runs), "plots": _plots(runs, shared)}
    return render(request, "simulations/compare.html", context)


def _chosen(request: HttpRequest) -> list[Simulation]:
    """In the order of the address; what is not there or has no curve is left out."""
    ids = [name.strip() for text in request.GET.getlist("ids") for name in text.split(",")][:MOST]
    found = Simulation.objects.visible_to(visitor_of(request)).defer("inputs", "log")
    by_id = {run.public_id: run for run in found.filter(public_id__in=ids).exclude(result="")}
    return [by_id[name] for name in dict.fromkeys(ids) if name in by_id]


def _candidates(request: HttpRequest, runs: list[Simulation]) -> list[Simulation]:
    """What else can be laid over these: runs of the same models, or the newest ones."""
    mine = Simulation.objects.owned_by(visitor_of(request)).light().filter(status=Status.SUCCEEDED).exclude(result="")
    if runs:
        mine = mine.filter(model_name__in={run.model_name for run in runs})
    newest = list(mine.order_by("-pk")[:OFFERED])
    return [*runs, *(run for run in newest if run not in runs)]


def _shared_outputs(runs: list[Simulation]) -> dict[str, str]:
    """Outputs that at least two of the runs have, with their unit."""
    units: dict[str, str] = {}
    counts: dict[str, int] = {}
    for run in runs:
        for column in results.curves_of(run):
            units.setdefault(column.name, column.unit or "")
            counts[column.name] = counts.get(column.name, 0) + 1
    return {name: unit for name, unit in units.items() if counts[name] > 1}


def _draw(runs: list[Simulation], outputs: dict[str, str]) -> Drawing:
    signals = [signal for place, run in enumerate(runs) for signal in _signals(run, outputs, PENS[place])]
    order = list(outputs)
    return draw(sorted(signals, key=lambda signal: order.index(signal.panel)))


def _signals(run: Simulation, outputs: dict[str, str], pen: int) -> list[Signal]:
    with results.opened(run, max_points=POINTS) as result:
        return [
            _signal(run, result, name, unit, pen)
            for name, unit in outputs.items()
            if name in (result.data.dtype.names or ())
        ]


def _signal(run: Simulation, result: Result, name: str, unit: str, pen: int) -> Signal:
    return Signal(
        panel=name,
        label=short(run.public_id),
        unit=unit,
        pen=pen,
        times=result.data["time"].astype(float),
        values=result.data[name].copy(),
    )


def _plots(runs: list[Simulation], outputs: dict[str, str]) -> dict[str, object]:
    """What the script on the page needs."""
    return {
        "outputs": [{"name": name, "unit": unit} for name, unit in outputs.items()],
        "runs": [
            {"key": short(run.public_id), "url": reverse("plot", args=[run.public_id]), "trace": PENS[place]}
            for place, run in enumerate(runs)
        ],
    }
