"""Rows as the JSON of the public contract."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.urls import reverse
from rest_framework.request import Request

from billing import ledger
from simulations.fmi.experiment import Result
from simulations.fmi.inspection import Inspection, Variable
from simulations.models import Fmu, FmuHolding, Simulation, Status
from simulations.services import results
from simulations.services.inspections import inspection_of
from simulations.visitor import Visitor

# As many values as a page of JSON carries comfortably; beyond that a selection for a plot.
INLINE_VALUES = 10_000
PLOT_POINTS = 1000
_FORMATS = ("csv", "json", "npz")
_NOT_FOR_CLIENTS = ("variables", "extra", "units", "terminals", "continuous_states")


def simulation_summary(simulation: Simulation, request: Request) -> dict[str, Any]:
    """A simulation in a list: everything that its row tells by itself."""
    return {
        "object": "simulation",
        "id": simulation.public_id,
        "url": request.build_absolute_uri(reverse("api-simulation", args=[simulation.public_id])),
        "status": simulation.status,
        "fmu": {
            "id": simulation.fmu_public_id,
            "model_name": simulation.model_name,
            "fmi_version": simulation.fmi_version,
            "sha256": simulation.sha256,
        },
        "progress": simulation.progress,
        "rows": simulation.rows,
        "error": _error(simulation, with_log=False),
        "created_at": simulation.created_at,
        "started_at": simulation.started_at,
        "finished_at": simulation.finished_at,
    }


def simulation(simulation: Simulation, request: Request, visitor: Visitor) -> dict[str, Any]:
    """A simulation with its effective request, its result and what it took."""
    summary = simulation_summary(simulation, request)
    summary.pop("rows")
    return summary | {
        "request": _effective(simulation),
        "result": _result(simulation, request),
        "error": _error(simulation, with_log=True),
        "notes": simulation.notes,
        "metrics": {
            "queue_seconds": simulation.queue_seconds,
            "run_seconds": simulation.run_seconds,
            "cpu_seconds": simulation.cpu_seconds,
            "peak_memory_bytes": simulation.peak_memory_bytes,
        },
        "billing": _billing(simulation, visitor),
    }


def fmu_summary(holding: FmuHolding, request: Request) -> dict[str, Any]:
    """An FMU in a list."""
    return {
        "object": "fmu",
        "id": holding.public_id,
        "url": request.build_absolute_uri(reverse("api-fmu", args=[holding.public_id])),
        "status": holding.fmu.status,
        "model_name": holding.fmu.model_name,
        "fmi_version": holding.fmu.fmi_version,
        "sha256": holding.fmu.sha256,
        "size_bytes": holding.fmu.size,
        "file_name": holding.file_name,
        "is_sample": holding.is_sample,
        "verdict": holding.fmu.verdict,
        "created_at": holding.created_at,
    }


def fmu(holding: FmuHolding, request: Request) -> dict[str, Any]:
    """An FMU with everything that is inside, but for its variables, which have pages of their own."""
    summary = fmu_summary(holding, request)
    if holding.fmu.status == Fmu.Status.REFUSED:
        return summary | {"error": {"code": holding.fmu.refusal_code, "message": holding.fmu.refusal_message}}
    if holding.fmu.status == Fmu.Status.CHECKING:
        return summary
    inspection = inspection_of(holding.fmu)
    return summary | _inside(inspection) | {"variables": _variables_summary(holding, inspection, request)}


def variable(variable: Variable) -> dict[str, Any]:
    return asdict(variable)


def series(result: Result) -> dict[str, list[float | int | bool | str | None]]:
    """Values by column name."""
    return {column.name: results.values_of(result.data[column.name], column.texts) for column in result.columns}


def _effective(simulation: Simulation) -> dict[str, Any]:
    return {"fmu_id": simulation.fmu_public_id, **simulation.request, "inputs": _inputs(simulation.inputs)}


def _inputs(inputs: dict[str, list[Any]] | None) -> dict[str, Any] | None:
    """As they were sent; of very many samples only how many there are."""
    if inputs is None or sum(map(len, inputs.values())) <= INLINE_VALUES:
        return inputs
    return {"columns": list(inputs), "rows": len(inputs["time"])}


def _result(simulation: Simulation, request: Request) -> dict[str, Any] | None:
    """Inline as far as it is small, else thinned out for a plot; nothing while there is nothing."""
    if not simulation.rows:
        return None
    columns = [{"name": column.name, "unit": column.unit} for column in results.columns_of(simulation)]
    shown = {"rows": simulation.rows, "columns": columns, "urls": _urls(simulation, request)}
    if not simulation.result:
        return shown | {"data": None, "complete": False}
    with results.opened(simulation, max_points=_points(simulation)) as result:
        return shown | {"data": series(result), "complete": result.complete}


def _points(simulation: Simulation) -> int | None:
    columns = len(simulation.columns)
    if (simulation.rows or 0) * columns <= INLINE_VALUES:
        return None
    return max(3, min(PLOT_POINTS, INLINE_VALUES // columns))


def _urls(simulation: Simulation, request: Request) -> dict[str, str] | None:
    if not simulation.has_downloads:
        return None
    address = request.build_absolute_uri(reverse("api-simulation", args=[simulation.public_id]))
    return {kind: f"{address}/result.{kind}" for kind in _FORMATS}


def _error(simulation: Simulation, *, with_log: bool) -> dict[str, Any] | None:
    if not simulation.error_code:
        return None
    error = {"code": simulation.error_code, "message": simulation.error_message}
    return error | {"log": simulation.log} if with_log else error


def _billing(simulation: Simulation, visitor: Visitor) -> dict[str, int | None]:
    paid = not simulation.is_sample and ledger.charging() and simulation.status != Status.AWAITING_PAYMENT
    return {
        "charged": ledger.charged(simulation.public_id) if paid else 0,
        "credits_available": ledger.available(visitor.user) if visitor.user and ledger.charging() else None,
    }


def _inside(inspection: Inspection) -> dict[str, Any]:
    return {name: value for name, value in asdict(inspection).items() if name not in _NOT_FOR_CLIENTS}


def _variables_summary(holding: FmuHolding, inspection: Inspection, request: Request) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for item in inspection.variables:
        counts[item.causality] = counts.get(item.causality, 0) + 1
    address = request.build_absolute_uri(reverse("api-fmu-variables", args=[holding.public_id]))
    return {"count": len(inspection.variables), "by_causality": counts, "url": address}
