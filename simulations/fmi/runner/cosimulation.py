"""Co-Simulation: the FMU brings its solver and is asked to step from one communication point to the next.

The points and the rows are those of FMPy's simulateCS, so that results agree to the last bit.
"""

from __future__ import annotations

from math import inf
from typing import Any

from fmpy.fmi1 import FMICallException
from fmpy.fmi2 import fmi2LastSuccessfulTime, fmi2Terminated

from simulations.fmi.errors import FMURefused
from simulations.fmi.runner.grid import Grid, same
from simulations.fmi.runner.run import Run
from simulations.fmi.runner.stepping import DoStep

_DISCARD = 2
_SMALLEST_PART = 1e-6  # of a communication step that the FMU discards
_MAX_DISCARDS = 200


class CoSimulation:
    """Drives one instance from start to stop; the result is in the run's recorder."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._fmu: Any = run.fmu
        self._step = DoStep(run.fmu, run.fmi)
        self._inputs_are_set = False

    def simulate(self) -> None:
        run = self._run
        self._initialize()
        run.begun = True
        run.recorder.sample(run.time)
        grid = run.grid(run.experiment.step_size or run.interval)
        while not grid.is_over(run.time):
            self._go_on(grid)
        run.check_end()

    def _initialize(self) -> None:
        run, fmu = self._run, self._fmu
        if run.fmi == 2:
            fmu.setupExperiment(
                tolerance=run.experiment.relative_tolerance, startTime=run.start, stopTime=run.told_stop_time
            )
        run.set_start_values()
        if run.fmi == 1:
            run.signals.apply(run.time)
            fmu.initialize(tStart=run.start, stopTime=run.told_stop_time)
            return
        if run.fmi == 2:
            fmu.enterInitializationMode()
        else:
            fmu.enterInitializationMode(
                tolerance=run.experiment.relative_tolerance, startTime=run.start, stopTime=run.told_stop_time
            )
        run.signals.apply(run.time)
        fmu.exitInitializationMode()
        if run.attempt.event_mode:
            run.settle(self._update_discrete_states)
            fmu.enterStepMode()

    def _next_point(self, grid: Grid) -> tuple[float, bool]:
        """The next time on the grid, or an input's step before it, or the stop; and whether an input steps there."""
        run = self._run
        point, event = grid.target, run.signals.next_event(run.time)
        may_vary = run.attempt.interface.can_handle_variable_step
        if may_vary and point > event and not same(point, event):
            point = event
        if grid.is_beyond(point):
            if not may_vary:
                run.notes.add("The last step is shorter than output_interval, so that it ends at stop_time.")
            point = run.stop
        return point, event < inf and same(point, event)

    def _go_on(self, grid: Grid) -> None:
        """One communication step, and the rows that belong to it."""
        run = self._run
        point, input_event = self._next_point(grid)
        reached, event, terminated = self._do_step(point)
        run.advance(reached)
        is_row = grid.reach(reached)
        if is_row or terminated or grid.is_over(reached) or (run.experiment.record_events and is_row is None):
            run.recorder.sample(reached)
        if terminated:
            raise run.ended_by_fmu()
        self._inputs_are_set = run.attempt.event_mode and (input_event or event)
        if self._inputs_are_set:
            self._handle_event()

    def _do_step(self, point: float) -> tuple[float, bool, bool]:
        """The time reached, whether an event waits there, and whether the FMU ends the simulation."""
        run = self._run
        if run.fmi == 3:
            return self._do_step_of_fmi3(point)
        run.signals.apply(run.time, after_event=True)
        if run.fmi == 1:
            self._step(run.time, point - run.time)
            return point, False, False
        return self._do_step_of_fmi2(point)

    def _do_step_of_fmi3(self, point: float) -> tuple[float, bool, bool]:
        run = self._run
        if not self._inputs_are_set:
            run.signals.apply(run.time, after_event=not run.attempt.event_mode)
        step = self._step
        step(run.time, point - run.time)
        if step.early and not run.attempt.event_mode:
            raise FMURefused(f"The FMU returned early from a step at t={step.last_time:g}, which was not allowed.")
        reached = step.last_time if step.early and step.last_time < point else point
        return reached, step.event, step.terminated

    def _do_step_of_fmi2(self, point: float) -> tuple[float, bool, bool]:
        """A discarded step goes on from where the FMU got to, or in halves, until it is done or hopeless."""
        run = self._run
        time, whole = run.time, point - run.time
        part = whole
        for _ in range(_MAX_DISCARDS):
            try:
                self._step(time, part)
                time = point if part == point - time or same(time + part, point) else time + part
            except FMICallException as refusal:
                if refusal.status != _DISCARD:
                    raise
                if self._ask(self._fmu.getBooleanStatus, fmi2Terminated, default=False):
                    return self._ask(self._fmu.getRealStatus, fmi2LastSuccessfulTime, default=time), False, True
                run.notes.add("The FMU discarded a step; it was taken in smaller ones.")
                last = self._ask(self._fmu.getRealStatus, fmi2LastSuccessfulTime, default=time)
                moved = time < last <= point and not same(last, time)
                time, part = (last, point - last) if moved else (time, part / 2)
            if time >= point:
                return point, False, False
            part = min(part, point - time)
            if part < whole * _SMALLEST_PART:
                break
        raise FMURefused(f"The FMU rejects every step at t={time:g} (fmi2Discard), from {whole:g} down to {part:g}.")

    @staticmethod
    def _ask(status: Any, kind: int, *, default: Any) -> Any:
        """An optional status of a slave, or `default` where the FMU does not tell it."""
        try:
            return status(kind)
        except (FMICallException, FMURefused):
            return default

    def _handle_event(self) -> None:
        run = self._run
        self._fmu.enterEventMode()
        run.signals.apply(run.time, after_event=True)
        run.settle(self._update_discrete_states)
        self._fmu.enterStepMode()
        if run.experiment.record_events:
            run.recorder.sample(run.time)

    def _update_discrete_states(self) -> bool:
        again, terminated, *_ = self._fmu.updateDiscreteStates()
        if terminated:
            raise self._run.ended_by_fmu()
        return bool(again)
