"""One attempt at a run, as both interfaces see it: the instance, what goes in, what comes out, how far it is."""

from __future__ import annotations

import time as clock
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulations.fmi import values
from simulations.fmi.attempts import Attempt
from simulations.fmi.errors import BadResult, FMURefused
from simulations.fmi.experiment import Experiment, InterfaceType
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import Limits
from simulations.fmi.runner import instance
from simulations.fmi.runner.access import setter
from simulations.fmi.runner.grid import Grid, same
from simulations.fmi.runner.log import Log
from simulations.fmi.runner.recorder import Recorder
from simulations.fmi.runner.signals import Signals

_PROGRESS_SECONDS = 0.02
_MAX_STANDSTILL = 1000  # events at one instant; more is a clock that stands still
_MAX_ITERATIONS = 10_000  # of an event that does not settle


class Notes(list[str]):
    """Sentences on how a run went, each said once, in order."""

    def add(self, sentence: str) -> None:
        if sentence not in self:
            self.append(sentence)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What all attempts at one experiment share. progress gets the share of time reached and may raise to stop it."""

    folder: Path
    experiment: Experiment
    inspection: Inspection
    limits: Limits
    notes: Notes
    log: Log
    progress: Callable[[float], None]
    keep: Callable[[Recorder], None] | None = None


class Run:
    """State of one attempt. `time` is how far it is; `begun` is set once the initialisation is through."""

    def __init__(self, job: Job, experiment: Experiment, attempt: Attempt) -> None:
        """`experiment` is the job's, fitted to the attempt. Raises FMURefused when there is no instance to be had."""
        self.inspection, self.experiment, self.attempt = job.inspection, experiment, attempt
        self.fmi = int(self.inspection.fmi_version[0])
        self.log, self.notes = job.log, job.notes
        self.fmu = instance.instantiate(
            job.folder, self.inspection, attempt.interface, self.log, event_mode=attempt.event_mode
        )
        self.sizes = values.sizes(self.inspection, experiment.start_values)
        by_name = {variable.name: variable for variable in self.inspection.variables}
        outputs = [by_name[name] for name in experiment.outputs or ()]
        self.recorder = Recorder(self.fmu, self.fmi, outputs, self.sizes, max_values=job.limits.values)
        self.signals = Signals(self.fmu, self.fmi, self.inspection.variables, experiment.inputs, self.sizes)
        self.start, self.stop = experiment.start_time or 0.0, experiment.stop_time or 0.0
        self.interval = experiment.output_interval or self.stop - self.start
        self.time = self.start
        self.begun = False
        self._progress, self._keep, self._tell_at = job.progress, job.keep, clock.monotonic() + _PROGRESS_SECONDS
        self._standstill = 0

    @property
    def kind(self) -> InterfaceType:
        return self.attempt.interface.type

    @property
    def told_stop_time(self) -> float | None:
        return self.stop if self.attempt.tell_stop_time else None

    def grid(self, step: float) -> Grid:
        return Grid(start=self.start, stop=self.stop, interval=self.interval, step=step)

    def set_start_values(self) -> None:
        """Structural parameters in their own mode first, then all others."""
        chosen = [variable for variable in self.inspection.variables if variable.name in self.experiment.start_values]
        structural = [variable for variable in chosen if variable.causality == "structuralParameter"]
        if structural:
            self.fmu.enterConfigurationMode()
            self._set(structural)
            self.fmu.exitConfigurationMode()
        self._set([variable for variable in chosen if variable not in structural])

    def advance(self, time: float) -> None:
        """The model has reached `time`. Refuses a clock that does not move."""
        if time > self.time:
            self.time, self._standstill = time, 0
        else:
            self._stand_still()
        if clock.monotonic() >= self._tell_at:
            self._tell_progress()

    def settle(self, update: Callable[[], bool]) -> None:
        """Repeat `update` until it says that an event is over."""
        for _ in range(_MAX_ITERATIONS):
            if not update():
                return
        raise FMURefused(f"An event at t={self.time:g} does not settle in {_MAX_ITERATIONS:,} iterations.")

    def ended_by_fmu(self) -> BadResult:
        reason = f": {self.log.last}." if self.log.last else "."
        said = f"The FMU ended the simulation at t={self.time:g}, before stop_time {self.stop:g}{reason}"
        return BadResult(f"{said} With stop_time {self.time:g} the result is complete.")

    def check_end(self) -> None:
        """The whole time axis is there, or it is said where it ends."""
        self.recorder.check()
        last = self.recorder.last_time
        if last is None or not (same(last, self.stop) or abs(last - self.stop) <= 1e-9 * (self.stop - self.start)):
            reached = "nothing" if last is None else f"t={last:g}"
            raise BadResult(f"The result ends at {reached}, before stop_time {self.stop:g}.")

    def _set(self, variables: list[Any]) -> None:
        for variable in variables:
            value = values.convert(
                variable, self.experiment.start_values[variable.name], self.sizes.get(variable.name, ())
            )
            setter(self.fmu, self.fmi, variable.type)([variable.value_reference], value)

    def _stand_still(self) -> None:
        self._standstill += 1
        if self._standstill > _MAX_STANDSTILL:
            raise FMURefused(
                f"The model's time stands still at t={self.time:g}: {_MAX_STANDSTILL} events in a row at one instant."
            )

    def _tell_progress(self) -> None:
        self._tell_at = clock.monotonic() + _PROGRESS_SECONDS
        self._progress(min(1.0, max(0.0, (self.time - self.start) / (self.stop - self.start))))
        if self._keep is not None:
            self._keep(self.recorder)
