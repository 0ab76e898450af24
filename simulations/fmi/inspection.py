"""What is inside an FMU, and the verdict whether it runs here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from simulations.fmi.experiment import InterfaceType

# How an FMU runs here; the rungs of the ladder in docs/run-anything.md.
Rung = Literal["native", "repaired", "legacy_libraries", "compiled"]
Level = Literal["error", "warning", "info"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Variable:
    """One variable of the model description, in FMI 3's words whatever the FMU's version.

    type: Float64, Float32, Int8 ... UInt64, Boolean, String, Binary, Enumeration, Clock
    (FMI 1 and 2: Real > Float64, Integer > Int32). dimensions: [] for a scalar, else sizes at the start values.
    """

    name: str
    type: str
    value_reference: int
    causality: str
    variability: str | None = None
    initial: str | None = None
    start: Any = None
    unit: str | None = None
    display_unit: str | None = None
    min: float | None = None
    max: float | None = None
    nominal: float | None = None
    dimensions: tuple[int, ...] = ()
    enumeration: Mapping[str, int] | None = None
    description: str | None = None
    alias_of: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Interface:
    """One way the FMU can be driven, with the capabilities that matter to a user."""

    type: InterfaceType
    model_identifier: str
    needs_execution_tool: bool = False
    has_event_mode: bool = False
    fixed_step: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DefaultExperiment:
    """What the exporter suggests; None where it is silent."""

    start_time: float | None = None
    stop_time: float | None = None
    tolerance: float | None = None
    step_size: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something about the FMU that a person should know: a fault of the XML, a repair, a hint."""

    level: Level
    code: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Whether the FMU runs here, how, and if not exactly why.

    summary: "Runs here: yes, as Co-Simulation, native binary". code and next_step are set on a refusal:
    "windows_only", "Export again with 'Linux 64-bit' enabled ...".
    """

    runs: bool
    summary: str
    interface_type: InterfaceType | None = None
    rung: Rung | None = None
    code: str | None = None
    next_step: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """Everything a person or a program wants to know before a run."""

    fmi_version: str
    model_name: str
    interfaces: tuple[Interface, ...]
    platforms: tuple[str, ...]
    variables: tuple[Variable, ...]
    default_experiment: DefaultExperiment
    verdict: Verdict
    instantiation_token: str | None = None
    description: str | None = None
    author: str | None = None
    version: str | None = None
    copyright: str | None = None
    license: str | None = None
    generation_tool: str | None = None
    generation_date_and_time: str | None = None
    units: tuple[str, ...] = ()
    terminals: tuple[str, ...] = ()
    number_of_continuous_states: int | None = None
    number_of_event_indicators: int | None = None
    has_sources: bool = False
    has_documentation: bool = False
    findings: tuple[Finding, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The inspection as plain JSON values; `from_json` turns it back into an equal one."""
        raise NotImplementedError

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Inspection:
        """An inspection that `to_json` wrote."""
        raise NotImplementedError
