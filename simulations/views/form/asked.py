"""What the fields of a run form ask for: only what differs from the model's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.datastructures import MultiValueDict

from simulations.fmi import defaults
from simulations.fmi.checks.interface import SOLVERS
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.views.form.start_fields import default_text, given_text, key_of
from simulations.views.form.texts import number, start_value, text_of

_TIMES = ("start_time", "stop_time")
_WORDS = ("interface_type", "solver")
_SOLVING = (*_WORDS, "step_size", "relative_tolerance")
FIELDS = (*_TIMES, "output_interval", *_SOLVING)


@dataclass(frozen=True)
class Asked:
    """given: the form's fields as posted."""

    inspection: Inspection
    given: MultiValueDict[str, str]

    @cached_property
    def options(self) -> dict[str, Any]:
        """Times and solver options that are not the model's own; a text where a number could not be read."""
        plain = defaults.times(self.inspection, Experiment())
        asked = {name: number(self.given.get(name, "")) for name, default in zip(_TIMES, plain, strict=True)
                 if self.given.get(name, "") not in ("", text_of(default))}  # fmt: skip
        for name in _SOLVING:
            if text := self.given.get(name, ""):
                asked[name] = text if name in _WORDS else number(text)
        return asked

    @cached_property
    def shown(self) -> Experiment:
        """The defaults that hold for what is given so far."""
        sound = {name: value for name, value in self.options.items() if self._is_sound(name, value)}
        return defaults.fill(self.inspection, Experiment(**sound))

    def _is_sound(self, name: str, value: Any) -> bool:
        if name == "interface_type":
            return self.inspection.interface(value) is not None
        return value in SOLVERS if name == "solver" else _is_number(value)

    @property
    def output_interval(self) -> Any:
        text = self.given.get("output_interval", "")
        return None if text in ("", text_of(self.shown.output_interval)) else number(text)

    @property
    def record_events(self) -> bool:
        texts = self.given.getlist("record_events")
        return not texts or texts[-1] == "true"

    def start_values(self) -> Iterable[tuple[str, Any]]:
        for variable in self.inspection.variables:
            text = given_text(variable, self.given) if key_of(variable.name) in self.given else None
            if text and text != default_text(variable):
                yield variable.name, start_value(variable, text)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)
