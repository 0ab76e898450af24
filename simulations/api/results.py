"""The whole result of a simulation, streamed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from django.http import FileResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from rest_framework.request import Request

from simulations.api import docs
from simulations.api.base import ApiView
from simulations.api.queries import holds, whole_number
from simulations.api.simulations import find
from simulations.fmi.experiment import Result
from simulations.models import Simulation
from simulations.services import exports, results

FEWEST_POINTS, MOST_POINTS = 3, 1_000_000
# A result never changes; only its owner's browser may keep it.
_CACHE_CONTROL = "private, max-age=3600"
_STREAMS: dict[str, tuple[Callable[[Result], Iterator[bytes]], str]] = {
    "csv": (exports.as_csv, "text/csv; charset=utf-8"),
    "json": (exports.as_json, "application/json"),
}


class ResultView(ApiView):
    """result.csv, result.json, result.npz; `?max_points=` keeps the shape for a plot, `?outputs=a,b` picks columns."""

    @docs.RESULT
    def get(self, request: Request, simulation_id: str, kind: str) -> HttpResponseBase:
        simulation = find(simulation_id, self.visitor)
        results.require_downloads(simulation)
        tag = _tag(simulation, request)
        if holds(request, tag):
            return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": _CACHE_CONTROL})
        response = _response(simulation, request, kind)
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = _CACHE_CONTROL
        return response


def _response(simulation: Simulation, request: Request, kind: str) -> HttpResponseBase:
    """The mapped file stays open until the last piece is sent."""
    stack = ExitStack()
    max_points = whole_number(request, "max_points", least=FEWEST_POINTS, most=MOST_POINTS)
    result = stack.enter_context(results.opened(simulation, outputs=_outputs(request), max_points=max_points))
    name = f'attachment; filename="{simulation.public_id}.{kind}"'
    if kind == "npz":
        with stack:
            return FileResponse(
                exports.as_npz(result), as_attachment=True, filename=f"{simulation.public_id}.npz",
                content_type="application/octet-stream",
            )  # fmt: skip
    export, content_type = _STREAMS[kind]
    pieces = _closing(export(result), stack)
    return StreamingHttpResponse(pieces, content_type=content_type, headers={"Content-Disposition": name})


def _closing(pieces: Iterator[bytes], stack: ExitStack) -> Iterator[bytes]:
    with stack:
        yield from pieces


def _outputs(request: Request) -> list[str] | None:
    """Names that hold commas (`A[0,1]`) come as `outputs` parameters of their own or within brackets."""
    given = request.query_params.getlist("outputs")
    return [name for names in given for name in _split(names)] or None


def _split(names: str) -> list[str]:
    """At commas outside brackets."""
    parts, depth = [""], 0
    for letter in names:
        depth += {"[": 1, "]": -1}.get(letter, 0)
        if letter == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def _tag(simulation: Simulation, request: Request) -> str:
    """Of the stored file, the format and the selection."""
    asked = f"{simulation.result} {request.get_full_path()}"
    return f'"{hashlib.sha256(asked.encode()).hexdigest()[:32]}"'
