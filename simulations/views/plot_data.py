"""What a plot in the browser reads: few points, few digits, gzipped. A zoom asks for its part of the time again."""

from __future__ import annotations

import math
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from numpy.typing import NDArray

from simulations.errors import NoResult, ResultTrimmed
from simulations.fmi.downsample import downsample
from simulations.fmi.experiment import Result
from simulations.models import Simulation
from simulations.services import results
from simulations.views import access

# Some 9000 numbers are about 30 kB on the wire; more points than pixels show nothing new.
VALUES = 9000
FEWEST, MOST = 300, 1500
DIGITS, TIME_DIGITS = 6, 9


@require_safe
@gzip_page
def plot_json(request: HttpRequest, simulation_id: str) -> HttpResponse:
    """The result of a simulation for a plot; `?from=&to=` a part of its time in more detail."""
    return answer(request, access.simulation(request, simulation_id))


def answer(request: HttpRequest, simulation: Simulation) -> HttpResponse:
    """A result never changes, so the browser may keep it."""
    try:
        body = plot_of(simulation, part=_part(request))
    except (NoResult, ResultTrimmed) as error:
        return JsonResponse({"code": error.default_code, "detail": str(error.detail)}, status=error.status_code)
    cache = "private, max-age=3600" if simulation.is_final else "no-store"
    return JsonResponse(body, headers={"Cache-Control": cache}, json_dumps_params={"separators": (",", ":")})


def plot_of(simulation: Simulation, *, part: tuple[float, float] | None = None) -> dict[str, Any]:
    """Columns and data as static/js/plot.js wants them."""
    with results.opened(simulation) as result:
        curves = results.curves(result)
        shown = downsample(_within(curves, part), _points(len(curves.columns)))
        return {
            "columns": [{"name": c["name"], "unit": c["unit"] or ""} for c in map(asdict, shown.columns)],
            "data": {column.name: _digits(shown.data[column.name], column.name) for column in shown.columns},
            "stop_time": simulation.request["stop_time"],
            "stopped": float(result.data["time"][-1]) if simulation.result_is_partial and len(result.data) else None,
            "rows": len(result.data),
        }


def _points(columns: int) -> int:
    return min(MOST, max(FEWEST, VALUES // columns))


def _within(result: Result, part: tuple[float, float] | None) -> Result:
    """The rows of a part of the time, and the one before and after."""
    if part is None or not len(result.data):
        return result
    first, last = np.searchsorted(result.data["time"], part)
    return replace(result, data=result.data[max(0, int(first) - 1) : int(last) + 1])


def _part(request: HttpRequest) -> tuple[float, float] | None:
    try:
        start, end = float(request.GET["from"]), float(request.GET["to"])
    except (KeyError, ValueError):
        return None
    return (start, end) if math.isfinite(start) and math.isfinite(end) and start < end else None


def _digits(column: NDArray[np.generic], name: str) -> list[Any]:
    if column.dtype.kind != "f":
        return results.values_of(column)
    digits = TIME_DIGITS if name == "time" else DIGITS
    return [_rounded(value, digits) for value in results.values_of(column)]


def _rounded(value: Any, digits: int) -> float | int | None:
    if value is None:
        return None
    short = float(f"{value:.{digits}g}")
    return int(short) if short.is_integer() and abs(short) < 10**digits else short
