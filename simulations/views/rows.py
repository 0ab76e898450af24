"""Runs in a list: what was changed, how long it took, what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from billing import ledger
from simulations.models import Simulation, Status
from simulations.services.costs import charged_among
from simulations.templatetags.runs import duration, exact, number

MOST_VALUES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """changes: `e 0.7, h 2` or `as exported`. took: its time, or how far it is. cost: in words."""

    simulation: Simulation
    changes: str
    took: str
    cost: str


def rows_of(simulations: Sequence[Simulation]) -> list[Row]:
    charged = charged_among(simulations)
    return [
        Row(
            simulation=simulation,
            changes=changes_of(simulation),
            took=_took(simulation),
            cost=_cost(simulation, charged=simulation.public_id in charged),
        )
        for simulation in simulations
    ]


def changes_of(simulation: Simulation) -> str:
    """Its start values in a line."""
    values = simulation.request.get("start_values") or {}
    shown = [f"{name} {_short(value)}" for name, value in list(values.items())[:MOST_VALUES]]
    if len(values) > MOST_VALUES:
        shown.append(f"{len(values) - MOST_VALUES} more")
    return ", ".join(shown) or "as exported"


def _short(value: object) -> str:
    return number(value) if not isinstance(value, list) else exact(value) if len(value) <= MOST_VALUES else "…"


def _took(simulation: Simulation) -> str:
    if simulation.status == Status.RUNNING:
        return f"{simulation.progress:.0%}"
    return duration(simulation.run_seconds) if simulation.run_seconds is not None else ""


def _cost(simulation: Simulation, *, charged: bool) -> str:
    if simulation.is_sample:
        return "sample, free"
    if not ledger.charging():
        return "free"
    price = "1 credit" if simulation.user_id else "your payment"
    if charged:
        return price
    return (
        "nothing"
        if simulation.is_final
        else f"{price} set aside"
        if simulation.status != Status.AWAITING_PAYMENT
        else ""
    )
