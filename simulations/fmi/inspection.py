"""What is inside an FMU, and the verdict whether it runs here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass, replace
from typing import Any, Literal

from simulations.fmi.experiment import InterfaceType

# How an FMU runs here; the rungs of the ladder in docs/run-anything.md.
Rung = Literal["native", "repaired", "legacy_libraries", "compiled"]
Level = Literal["error", "warning", "info"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Variable:
    """One variable of the model description, in FMI 3's words whatever the FMU's version.

    type: Float64, Float32, Int8 ... UInt64, Boolean, String, Binary, Enumeration, Clock
    (FMI 1 and 2: Real > Float64, Integer > Int32). dimensions: [] for a scalar, else sizes at the start values;
    size_of names, per dimension, the structural parameter that sets its size (None where it is fixed).
    negated: an alias of FMI 1 whose value has the opposite sign.
    start is in JSON's types: a number, a truth value, a text, or a flat row-major list for an array.
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
    size_of: tuple[str | None, ...] = ()
    enumeration: Mapping[str, int] | None = None
    description: str | None = None
    alias_of: str | None = None
    negated: bool = False

    @property
    def is_float(self) -> bool:
        return self.type in {"Float32", "Float64"}

    @property
    def is_recordable(self) -> bool:
        """Whether its values over time can stand in a result."""
        return self.type not in {"Binary", "Clock"}

    @property
    def has_curve(self) -> bool:
        """Whether they can be drawn as well: numbers and truth values, not texts."""
        return self.is_recordable and self.type != "String"

    @property
    def is_discrete(self) -> bool:
        """Whether it changes in steps, so that samples are held and not interpolated."""
        return not self.is_float or self.variability in {"discrete", "tunable"}

    @property
    def is_settable(self) -> bool:
        """Whether a start value may be given: to inputs, parameters, and what starts exactly or nearly from it."""
        if self.type == "Clock" or self.variability == "constant" or self.negated:
            return False
        return self.causality == "input" or self.initial in {"exact", "approx"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Interface:
    """One way the FMU can be driven, with the capabilities that matter to a user or to the runner.

    library: the shared library that runs here, relative to the FMU's folder.
    """

    type: InterfaceType
    model_identifier: str
    library: str | None = None
    needs_execution_tool: bool = False
    has_event_mode: bool = False
    can_handle_variable_step: bool = False
    might_return_early: bool = False
    provides_intermediate_update: bool = False
    needs_completed_step: bool = False
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
    continuous_states: tuple[str, ...] = ()
    number_of_continuous_states: int = 0
    number_of_event_indicators: int = 0
    has_sources: bool = False
    has_documentation: bool = False
    findings: tuple[Finding, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def interface(self, kind: InterfaceType) -> Interface | None:
        """The way of driving called `kind`, if the FMU offers it."""
        return next((interface for interface in self.interfaces if interface.type == kind), None)

    def runs_as(self, kind: InterfaceType) -> bool:
        """Whether the FMU offers `kind` with a binary that runs here."""
        interface = self.interface(kind)
        return interface is not None and interface.library is not None

    def narrowed(self, names: Iterable[str]) -> Inspection:
        """As much of it as a run has to know that speaks of `names`: their variables, what sizes them, all inputs."""
        wanted = {variable.name for variable in self.variables if variable.causality == "input"} | set(names)
        by_name = {variable.name: variable for variable in self.variables}
        wanted |= {size for name in wanted & by_name.keys() for size in by_name[name].size_of if size}
        variables = tuple(variable for variable in self.variables if variable.name in wanted)
        return replace(self, variables=variables, findings=(), units=(), extra={})

    def to_json(self) -> dict[str, Any]:
        """The inspection as plain JSON values; `from_json` turns it back into an equal one."""
        plain: dict[str, Any] = _plain(self)
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Inspection:
        """An inspection that `to_json` wrote."""
        return cls(
            **{name: value for name, value in data.items() if name not in _NESTED},
            **{name: _NESTED[name](value) for name, value in data.items() if name in _NESTED},
        )


def _default(item: Field[Any]) -> Any:
    return item.default_factory() if item.default_factory is not MISSING else item.default


def _plain(value: Any) -> Any:
    """Dataclasses as objects without the fields that hold their default, tuples as lists."""
    if is_dataclass(value):
        pairs = ((item, getattr(value, item.name)) for item in fields(value))
        return {item.name: _plain(content) for item, content in pairs if content != _default(item)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value


def _variable(data: Mapping[str, Any]) -> Variable:
    tuples = {name: tuple(data[name]) for name in ("dimensions", "size_of") if name in data}
    return Variable(**{**data, **tuples})


_NESTED: dict[str, Any] = {
    "interfaces": lambda items: tuple(Interface(**item) for item in items),
    "variables": lambda items: tuple(_variable(item) for item in items),
    "default_experiment": lambda item: DefaultExperiment(**item),
    "verdict": lambda item: Verdict(**item),
    "findings": lambda items: tuple(Finding(**item) for item in items),
    **dict.fromkeys(("platforms", "units", "terminals", "continuous_states"), tuple),
}
