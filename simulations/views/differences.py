"""What a run was given, against another run or against the model as it was exported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simulations.fmi.inspection import Inspection, Variable
from simulations.models import Fmu, Simulation
from simulations.services.inspections import inspection_of
from simulations.templatetags.runs import exact

MOST_CHARACTERS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One thing that was set. was: what it is compared with, "" when it is the same."""

    name: str
    value: str
    was: str
    unit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that runs do not share, in the order of the runs."""

    name: str
    unit: str
    values: tuple[str, ...]


def settings_of(simulation: Simulation, before: Simulation | None) -> list[Setting]:
    """Its start values, and what the run before had otherwise."""
    values = _start_values(simulation)
    earlier = _start_values(before) if before else {}
    exported = _variables(simulation, {*values, *earlier})
    names = list(dict.fromkeys((*values, *earlier)))
    return [_setting(name, values, earlier, exported.get(name), compared=before is not None) for name in names]


def differences(simulations: Sequence[Simulation]) -> list[Difference]:
    """Start values and times that are not the same in all of them."""
    names = list(dict.fromkeys(name for simulation in simulations for name in _start_values(simulation)))
    known: dict[str, Variable] = {}
    for simulation in simulations:
        known |= _variables(simulation, set(names))
    values = [_difference(name, simulations, known.get(name)) for name in names]
    times = [
        Difference(
            name=label, unit="", values=tuple(_shown(simulation.request.get(field)) for simulation in simulations)
        )
        for label, field in _TIMES.items()
    ]
    return [difference for difference in (*values, *times) if len(set(difference.values)) > 1]


_TIMES = {
    "Start time": "start_time",
    "Stop time": "stop_time",
    "Output every": "output_interval",
    "Interface": "interface_type",
    "Solver": "solver",
    "Step size": "step_size",
    "Tolerance": "relative_tolerance",
}


def _difference(name: str, simulations: Sequence[Simulation], variable: Variable | None) -> Difference:
    exported = variable.start if variable else None
    values = tuple(_shown(_start_values(simulation).get(name, exported)) for simulation in simulations)
    return Difference(name=name, unit=(variable.unit or "") if variable else "", values=values)


def _setting(
    name: str, values: dict[str, Any], earlier: dict[str, Any], variable: Variable | None, *, compared: bool
) -> Setting:
    exported = variable.start if variable else None
    value, was = _shown(values.get(name, exported)), _shown(earlier.get(name, exported) if compared else exported)
    return Setting(
        name=name, value=value, was=was if was != value else "", unit=(variable.unit or "") if variable else ""
    )


def _start_values(simulation: Simulation) -> dict[str, Any]:
    return dict(simulation.request.get("start_values") or {})


def _variables(simulation: Simulation, names: set[str]) -> dict[str, Variable]:
    """Those of the model that are named; none when the FMU is gone."""
    if not names:
        return {}
    fmu = Fmu.objects.filter(sha256=simulation.sha256, status=Fmu.Status.ACCEPTED).first()
    inspection: Inspection | None = inspection_of(fmu) if fmu else None
    return {v.name: v for v in inspection.variables if v.name in names} if inspection else {}


def _shown(value: Any) -> str:
    text = (
        "\u2013"
        if value is None
        else exact(value if not isinstance(value, int) or isinstance(value, bool) else float(value))
    )
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
