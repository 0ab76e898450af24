"""Model Exchange: our solver integrates the FMU's derivatives from event to event.

Points and rows are those of FMPy's simulateME, so that results agree to the last bit; but Euler takes steps of
step_size, where FMPy takes one of output_interval whatever it is told.
"""

from __future__ import annotations

from math import inf
from typing import Any

from simulations.fmi.runner.grid import Grid, same
from simulations.fmi.runner.run import Run
from simulations.fmi.runner.solvers import solver


class ModelExchange:
    """Drives one instance from start to stop; the result is in the run's recorder."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._fmu: Any = run.fmu
        self._time_event = inf

    def simulate(self) -> None:
        run = self._run
        self._initialize()
        integrator = solver(run)
        run.begun = True
        run.recorder.sample(run.time)
        grid = run.grid(run.experiment.step_size or run.interval)
        while not grid.is_over(run.time):
            self._go_on(grid, integrator)
        run.check_end()

    def _initialize(self) -> None:
        run, fmu = self._run, self._fmu
        if run.fmi == 1:
            fmu.setTime(run.start)
            run.set_start_values()
            run.signals.apply(run.time)
            self._take(fmu.initialize())
            return
        if run.fmi == 2:
            fmu.setupExperiment(startTime=run.start, stopTime=run.told_stop_time)
        run.set_start_values()
        if run.fmi == 2:
            fmu.enterInitializationMode()
        else:
            fmu.enterInitializationMode(startTime=run.start, stopTime=run.told_stop_time)
        run.signals.apply(run.time)
        fmu.exitInitializationMode()
        run.settle(self._update)
        fmu.enterContinuousTimeMode()

    def _go_on(self, grid: Grid, integrator: Any) -> None:
        """Integrate to the next point of interest or an earlier zero crossing, and handle what happens there."""
        run = self._run
        point, input_event = self._next_point(grid)
        time_event = same(point, self._time_event)
        state_event, reached = self._integrate(integrator, point)
        run.advance(reached)
        is_row = grid.reach(reached)
        event = input_event or time_event or state_event
        event = self._completed_step() or event
        if event:
            self._handle(input_event)
            integrator.reset(reached)
        if is_row or grid.is_over(reached) or (event and run.experiment.record_events):
            run.recorder.sample(reached)

    def _integrate(self, integrator: Any, point: float) -> tuple[bool, float]:
        """Whether a zero crossing ended the step, and the time reached; at once for an event of this very instant."""
        run = self._run
        state_event, reached = False, run.time
        if point > run.time and not same(point, run.time):
            state_event, _, reached = integrator.step(run.time, point)
        self._fmu.setTime(reached)
        run.signals.apply(reached, discrete=False)
        return bool(state_event), reached

    def _next_point(self, grid: Grid) -> tuple[float, bool]:
        """The next time on the grid, or an event before it, or the stop; and whether an input steps there."""
        run = self._run
        point, input_event = grid.target, run.signals.next_event(run.time)
        for event in (input_event, self._time_event):
            if point > event and not same(point, event):
                point = event
        if grid.is_beyond(point):
            point = run.stop
        return point, same(point, input_event)

    def _completed_step(self) -> bool:
        """Tell the FMU that a step is accepted; whether it wants an event there."""
        run = self._run
        if not run.attempt.interface.needs_completed_step:
            return False
        if run.fmi == 1:
            return bool(self._fmu.completedIntegratorStep())
        event, terminated = self._fmu.completedIntegratorStep()
        if terminated:
            run.recorder.sample(run.time)
            raise run.ended_by_fmu()
        return bool(event)

    def _handle(self, input_event: bool) -> None:
        run = self._run
        if run.experiment.record_events:
            run.recorder.sample(run.time)
        if run.fmi > 1:
            self._fmu.enterEventMode()
        if input_event:
            run.signals.apply(run.time, after_event=True)
        run.settle(self._update)
        if run.fmi > 1:
            self._fmu.enterContinuousTimeMode()

    def _update(self) -> bool:
        """One iteration of an event; whether it needs another."""
        if self._run.fmi == 1:
            return self._take(self._fmu.eventUpdate())
        update = self._fmu.newDiscreteStates if self._run.fmi == 2 else self._fmu.updateDiscreteStates
        again, terminated, _, _, has_time_event, time_event = update()
        self._note(terminated, time_event if has_time_event else inf)
        return bool(again)

    def _take(self, answer: tuple[Any, ...]) -> bool:
        """FMI 1's answer to initialize and eventUpdate."""
        converged, _, _, terminated, has_time_event, time_event = answer
        self._note(terminated, time_event if has_time_event else inf)
        return not converged

    def _note(self, terminated: bool, time_event: float) -> None:
        self._time_event = time_event
        if terminated:
            raise self._run.ended_by_fmu()
