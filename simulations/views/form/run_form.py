"""The run form: the model's defaults until something is given, then that, with the API's messages at the fields."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.datastructures import MultiValueDict
from rest_framework.exceptions import APIException

from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.samples import Sample
from simulations.views.form import mistakes, signals
from simulations.views.form.asked import Asked
from simulations.views.form.outputs import Outputs
from simulations.views.form.start_fields import SHOWN, StartField, settable_count, start_fields
from simulations.views.form.texts import text_of


@dataclass
class RunForm:
    """given: the form's fields as posted, or as an earlier run would have posted them. signals: the input signals."""

    inspection: Inspection
    given: MultiValueDict[str, str]
    inputs: signals.Inputs
    sample: Sample | None = None
    problems: mistakes.Problems = ()

    def experiment(self) -> Experiment:
        """What is asked for: only what differs from the defaults. Raises BadRequest, DoesNotFit for the inputs."""
        table = self.inputs.table()
        return Experiment(
            **self.asked.options,
            output_interval=self.asked.output_interval,
            record_events=None if self.asked.record_events else False,
            start_values=dict(self.asked.start_values()),
            inputs=table.columns if table else None,
            input_units=table.units if table else {},
            outputs=self.outputs.asked,
        )

    def refused(self, error: APIException) -> RunForm:
        """The form with what the API says about it, at its fields."""
        listed = getattr(error, "errors", None) or [{"field": "", "message": str(error.detail)}]
        return RunForm(self.inspection, self.given, self.inputs, self.sample, listed)

    @cached_property
    def asked(self) -> Asked:
        return Asked(self.inspection, self.given)

    @cached_property
    def outputs(self) -> Outputs:
        return Outputs(self.inspection, self.given, self.sample)

    @cached_property
    def errors(self) -> dict[str, str]:
        return mistakes.by_part(self.problems)

    # --- Start values and inputs ------------------------------------------------------------------

    @cached_property
    def fields(self) -> list[StartField]:
        favourites = [slider.variable for slider in self.sample.sliders] if self.sample else []
        errors = mistakes.by_start_value(self.problems)
        return start_fields(self.inspection, self.given, errors, search=self.search, favourites=favourites)

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
    def input_names(self) -> list[str]:
        return [variable.name for variable in self.inspection.variables if variable.causality == "input"]

    # --- Times and solver -------------------------------------------------------------------------

    @property
    def shown(self) -> Experiment:
        return self.asked.shown

    @property
    def start_time(self) -> str:
        return self._text("start_time", self.shown.start_time)

    @property
    def stop_time(self) -> str:
        return self._text("stop_time", self.shown.stop_time)

    @property
    def output_interval(self) -> str:
        return self._text("output_interval", self.shown.output_interval)

    def _is_open(self, at: int, field: StartField) -> bool:
        return bool(self.search) or at < SHOWN or field.changed or bool(field.error)

    def _text(self, name: str, default: float | None) -> str:
        return self.given.get(name, "") or text_of(default)
