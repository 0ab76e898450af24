"""The run form: the model's defaults until something is given, then that, with the API's messages at the fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from django.utils.datastructures import MultiValueDict
from rest_framework.exceptions import APIException

from simulations.fmi import defaults
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection, Variable
from simulations.samples import Sample
from simulations.views.form import signals
from simulations.views.form.start_fields import (
    SHOWN,
    StartField,
    default_text,
    given_text,
    key_of,
    settable_count,
    start_fields,
)
from simulations.views.form.texts import number, start_value, text_of

PRESELECTED = 8
OUTPUTS_FOUND = 12
_TIMES = ("start_time", "stop_time")
# What a curve over time would be flat for.
_STILL = ("parameter", "structuralParameter", "calculatedParameter")
_SOLVING = ("interface_type", "solver", "step_size", "relative_tolerance")


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One variable that can be recorded."""

    variable: Variable
    chosen: bool


@dataclass
class RunForm:
    """given: the form's fields as posted, or as an earlier run would have posted them. signals: the input signals."""

    inspection: Inspection
    given: MultiValueDict[str, str]
    inputs: signals.Inputs
    sample: Sample | None = None
    problems: Iterable[Mapping[str, str]] = ()

    def experiment(self) -> Experiment:
        """What is asked for: only what differs from the defaults. Raises BadRequest, DoesNotFit for the inputs."""
        return Experiment(
            **self._asked(),
            output_interval=self._interval(),
            record_events=None if self.record_events else False,
            start_values=dict(self._start_values()),
            inputs=self.inputs.table(),
            outputs=self._outputs(),
        )

    def refused(self, error: APIException) -> RunForm:
        """The form with what the API says about it, at its fields."""
        listed = getattr(error, "errors", None) or [{"field": "", "message": str(error.detail)}]
        return RunForm(self.inspection, self.given, self.inputs, self.sample, listed)

    # --- What the template shows ----------------------------------------------------------------

    @cached_property
    def errors(self) -> dict[str, str]:
        """Messages by part of the form: `stop_time`, `inputs`, `outputs`, "" for the whole."""
        found: dict[str, list[str]] = {}
        for problem in self.problems:
            if not problem["field"].startswith("start_values."):
                found.setdefault(self._part(problem["field"]), []).append(problem["message"])
        return {part: " ".join(dict.fromkeys(messages)) for part, messages in found.items()}

    @cached_property
    def fields(self) -> list[StartField]:
        favourites = [slider.variable for slider in self.sample.sliders] if self.sample else []
        return start_fields(self.inspection, self.given, self._start_errors, search=self.search, favourites=favourites)

    @property
    def first_fields(self) -> list[StartField]:
        return [field for at, field in enumerate(self.fields) if self._is_open(at, field)]

    @property
    def more_fields(self) -> list[StartField]:
        return [field for at, field in enumerate(self.fields) if not self._is_open(at, field)]

    @property
    def settable(self) -> int:
        return settable_count(self.inspection)

    @property
    def search(self) -> str:
        return self.given.get("search", "")

    @property
    def start_time(self) -> str:
        return self._text("start_time", self.shown.start_time)

    @property
    def stop_time(self) -> str:
        return self._text("stop_time", self.shown.stop_time)

    @property
    def output_interval(self) -> str:
        return self._text("output_interval", self.shown.output_interval)

    @property
    def step_size(self) -> str:
        return self.given.get("step_size", "")

    @property
    def relative_tolerance(self) -> str:
        return self.given.get("relative_tolerance", "")

    @property
    def interface_type(self) -> str:
        return self.given.get("interface_type", "")

    @property
    def solver(self) -> str:
        return self.given.get("solver", "")

    @property
    def record_events(self) -> bool:
        texts = self.given.getlist("record_events")
        return not texts or texts[-1] == "true"

    @cached_property
    def shown(self) -> Experiment:
        """The defaults that hold for what is given so far."""
        sound = {name: value for name, value in self._asked().items() if name not in _TIMES or _is_number(value)}
        return defaults.fill(self.inspection, Experiment(**sound))

    @cached_property
    def chosen_outputs(self) -> list[str]:
        if "outputs" in self.given:
            return [name for name in self.given.getlist("outputs") if name]
        favourites = list(self.sample.outputs) if self.sample else []
        return favourites or list(self._default_outputs[:PRESELECTED])

    @cached_property
    def outputs(self) -> list[Choice]:
        """The chosen ones, then what the search finds; without a search the model's outputs and states."""
        chosen = set(self.chosen_outputs)
        by_name = {variable.name: variable for variable in self._recordable}
        first = [Choice(variable=by_name[name], chosen=True) for name in self.chosen_outputs if name in by_name]
        found = (variable for variable in self._found_outputs() if variable.name not in chosen)
        return [*first, *(Choice(variable=variable, chosen=False) for variable in islice(found, OUTPUTS_FOUND))]

    @property
    def output_search(self) -> str:
        return self.given.get("output_search", "")

    @property
    def recordable(self) -> int:
        return len(self._recordable)

    @property
    def input_names(self) -> list[str]:
        return [variable.name for variable in self.inspection.variables if variable.causality == "input"]

    # --- From texts to an experiment --------------------------------------------------------------

    def _asked(self) -> dict[str, Any]:
        """Times and solver options that are not the model's own."""
        plain = defaults.times(self.inspection, Experiment())
        asked = {name: number(self.given.get(name, "")) for name, default in zip(_TIMES, plain, strict=True)
                 if self.given.get(name, "") not in ("", text_of(default))}  # fmt: skip
        for name in _SOLVING:
            if text := self.given.get(name, ""):
                asked[name] = text if name in ("interface_type", "solver") else number(text)
        return asked

    def _interval(self) -> Any:
        text = self.given.get("output_interval", "")
        return None if text in ("", text_of(self.shown.output_interval)) else number(text)

    def _start_values(self) -> Iterable[tuple[str, Any]]:
        for variable in self.inspection.variables:
            text = given_text(variable, self.given) if key_of(variable.name) in self.given else None
            if text and text != default_text(variable):
                yield variable.name, start_value(variable, text)

    def _outputs(self) -> tuple[str, ...] | None:
        chosen = tuple(self.chosen_outputs)
        return None if chosen == self._default_outputs else chosen

    # --- Parts --------------------------------------------------------------------------------------

    @property
    def _start_errors(self) -> dict[str, str]:
        prefix = "start_values."
        return {problem["field"].removeprefix(prefix): problem["message"] for problem in self.problems
                if problem["field"].startswith(prefix)}  # fmt: skip

    @staticmethod
    def _part(field: str) -> str:
        for part in ("inputs", "outputs"):
            if field.startswith(part):
                return part
        known = (*_TIMES, *_SOLVING, "output_interval")
        return field if field in known else ""

    def _is_open(self, at: int, field: StartField) -> bool:
        return bool(self.search) or at < SHOWN or field.changed or bool(field.error)

    def _text(self, name: str, default: float | None) -> str:
        return self.given.get(name, "") or text_of(default)

    @cached_property
    def _default_outputs(self) -> tuple[str, ...]:
        return defaults.outputs(self.inspection)

    @cached_property
    def _recordable(self) -> list[Variable]:
        return [variable for variable in self.inspection.variables
                if variable.is_recordable and variable.causality != "independent"]  # fmt: skip

    def _found_outputs(self) -> Iterable[Variable]:
        text = self.output_search.casefold()
        if text:
            return (
                v for v in self._recordable if text in v.name.casefold() or text in (v.description or "").casefold()
            )
        moving = [
            v for v in self._recordable if v.causality not in _STILL and v.variability not in ("constant", "fixed")
        ]
        return sorted(moving, key=lambda v: v.causality != "output")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)
