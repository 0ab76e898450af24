"""FMPy's two solvers for Model Exchange, with CVode's traps closed.

FMPy lets an exception in a callback of CVode vanish, so that the solver goes on with garbage; and CVode refuses
nominal values of zero, which many FMUs return.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from fmpy.fmi1 import FMICallException
from fmpy.simulation import ForwardEuler
from fmpy.sundials import CVodeSolver
from fmpy.sundials.libraries import sundials_core
from fmpy.sundials.sundials_context import SUNContext_PushErrHandler
from fmpy.sundials.sundials_types import SUNContext

from simulations.fmi.errors import FMURefused
from simulations.fmi.runner.continuous import Continuous, values_of
from simulations.fmi.runner.log import Log
from simulations.fmi.runner.run import Run

_clear_error_handlers = sundials_core.SUNContext_ClearErrHandlers
_clear_error_handlers.argtypes = [SUNContext]

_DISCARD = 2
_CV_WARNING = 99
_RECOVERABLE, _UNRECOVERABLE = 1, -1  # what a callback tells CVode
_STEPS_IN_A_RUN = 50  # FMPy's choice of CVode's largest step: a fiftieth of the run


class SolverFailed(FMURefused):
    """CVode gave up. Another way of running may do better."""


class _CVode(CVodeSolver):  # type: ignore[misc]
    """FMPy's CVode, whose callbacks hand their errors on and convert nothing."""

    def __init__(self, *, log: Log, **arguments: Any) -> None:
        self.log = log
        self.failure: Exception | None = None
        super().__init__(**arguments)
        _clear_error_handlers(self.sunctx)  # SUNDIALS' own one, which writes to standard error past our log
        SUNContext_PushErrHandler(self.sunctx, self.ehfun_, None)

    def ehfun(self, *told: Any) -> None:
        """SUNDIALS has something to say: (line, function, file, message, code, data, context)."""
        super().ehfun(*told)
        self.log.of_solver(told[3].decode(errors="replace").strip(), is_warning=told[4] == _CV_WARNING)

    def f(self, t: float, y: Any, ydot: Any, _user_data: Any) -> int:
        """The derivatives at `t` of the states `y`."""
        try:
            self.set_time(t)
            self.set_x(values_of(y), self.nx)
            self.get_dx(values_of(ydot), self.nx)
        except Exception as error:  # noqa: BLE001  nothing may pass through CVode's C code
            return self._note(error)
        return 0

    def g(self, t: float, y: Any, gout: Any, _user_data: Any) -> int:
        """The event indicators at `t` with the states `y`."""
        try:
            self.set_time(t)
            self.input.apply(t)
            self.set_x(values_of(y), self.nx)
            self.get_z(gout, self.nz)
        except Exception as error:  # noqa: BLE001
            return self._note(error)
        return 0

    def step(self, t: float, tNext: float) -> Any:  # noqa: N803  FMPy's name
        self.failure = None
        try:
            return super().step(t, tNext)
        except RuntimeError as error:
            raise self._explained(error, t) from None

    def _note(self, error: Exception) -> int:
        self.failure = error
        discarded = isinstance(error, FMICallException) and error.status == _DISCARD
        return _RECOVERABLE if discarded else _UNRECOVERABLE

    def _explained(self, error: RuntimeError, time: float) -> SolverFailed:
        said = f" {self.log.last}" if self.log.last else ""
        solver = self.error_info[3].strip() if self.error_info else str(error)
        why = f"{self.failure}{said}" if self.failure else solver
        return SolverFailed(f"CVode could not go on from t={time:g}: {why}")


def solver(run: Run) -> Any:
    """The solver of the attempt, at the run's present state."""
    states, indicators = run.inspection.number_of_continuous_states, run.inspection.number_of_event_indicators
    if run.fmi == 3 and any(variable.causality == "structuralParameter" for variable in run.inspection.variables):
        states, indicators = run.fmu.getNumberOfContinuousStates(), run.fmu.getNumberOfEventIndicators()
    continuous = Continuous(run.fmu, run.fmi, states=states, indicators=indicators)
    common = {
        "nx": states,
        "nz": indicators,
        "get_x": continuous.get_states,
        "set_x": continuous.set_states,
        "get_dx": continuous.get_derivatives if states else _no_change,
        "get_z": continuous.get_indicators,
        "input": run.signals,
    }
    if run.attempt.solver == "Euler":
        return ForwardEuler(**common)
    try:
        return _CVode(
            log=run.log,
            get_nominals=_nominals(run),
            set_time=continuous.set_time,
            startTime=run.start,
            maxStep=(run.stop - run.start) / _STEPS_IN_A_RUN,
            relativeTolerance=run.experiment.relative_tolerance,
            **common,
        )
    except FMICallException:
        raise
    except Exception as error:  # noqa: BLE001  FMPy's bare Exception
        raise SolverFailed(f"CVode cannot start: {error}") from None


def _no_change(derivatives: Any, count: int) -> None:
    """Of the state that FMPy's CVode makes up where a model has none."""
    for index in range(count):
        derivatives[index] = 0.0


def _nominals(run: Run) -> Callable[[Any, int], None]:
    """The FMU's nominal values of its states; 1 where it gives none that CVode can use."""
    ask = run.fmu.getNominalContinuousStates if run.fmi == 1 else run.fmu.getNominalsOfContinuousStates

    def nominals(pointer: Any, count: int) -> None:
        values = np.ctypeslib.as_array(pointer, (count,))
        try:
            ask(pointer, count)
        except (FMICallException, FMURefused):
            values[:] = 0.0
        unusable = ~np.isfinite(values) | (values == 0)
        if unusable.any():
            values[unusable] = 1.0
            run.notes.add("The FMU gives no usable nominal values for some states; 1 was taken.")
        np.abs(values, out=values)

    return nominals
