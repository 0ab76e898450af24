"""One experiment on one FMU: the plain way first, then the repairs, one after the other, each told in the notes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fmpy.fmi1 import FMICallException

from simulations.fmi.attempts import Attempt, fitted, plain
from simulations.fmi.checks.inputs import held
from simulations.fmi.errors import BadResult, FMURefused, RunError
from simulations.fmi.experiment import Experiment, Result
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import Limits
from simulations.fmi.runner import attempts, instance, remarks
from simulations.fmi.runner.attempts import Failed
from simulations.fmi.runner.cosimulation import CoSimulation
from simulations.fmi.runner.hints import hints
from simulations.fmi.runner.log import Log
from simulations.fmi.runner.modelexchange import ModelExchange
from simulations.fmi.runner.recorder import Recorder
from simulations.fmi.runner.run import Job, Notes, Run
from simulations.fmi.runner.solvers import SolverFailed

_STATUS = {2: "discard", 3: "an error", 4: "a fatal error", 5: "pending"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """A result, how it came about, and which of the planned attempts it is of."""

    result: Result
    notes: tuple[str, ...]
    attempt: int


def execute(
    folder: Path,
    experiment: Experiment,
    inspection: Inspection,
    limits: Limits,
    *,
    scratch: Path,
    progress: Callable[[float], None],
    keep: Callable[[Recorder], None] | None = None,
) -> Done:
    """Run `experiment`, which `check.resolve` has filled in, on the FMU unpacked at `folder`.

    The notes tell which solver ran with what, and every repair. Raises a RunError whose `partial` holds what was
    reached, in which `attempt`, and whose `notes` tell what was tried. `progress` may raise a RunError to stop the run.
    `keep` is shown the recorder as the run goes on, so that what was reached outlives a crash.
    The FMU finds `scratch` as its present folder.
    """
    job = Job(
        folder=folder,
        experiment=experiment,
        inspection=inspection,
        limits=limits,
        notes=Notes((*remarks.bounds(inspection, experiment), *held(experiment))),
        log=Log(limits.log_bytes),
        progress=progress,
        keep=keep,
    )
    _show_resources(folder, scratch)
    with contextlib.chdir(scratch):
        result, attempt = _result(job)
    return Done(result=result, notes=tuple(job.notes), attempt=attempt)


def _result(job: Job) -> tuple[Result, int]:
    first = plain(job.inspection, job.experiment)
    try:
        return _try(job, first), 0
    except Failed as failure:
        return _otherwise(job, first, failure)


def _otherwise(job: Job, first: Attempt, failure: Failed) -> tuple[Result, int]:
    """Repair upon repair; when none helps, the first failure is the one to tell."""
    job.notes.add(f"{remarks.way(first)} failed: {failure.error.message}")
    for place, attempt in attempts.others(job.inspection, job.experiment, failure):
        job.log.begin_again()
        try:
            return _try(job, attempt), place
        except Failed as another:
            job.notes.add(f"{remarks.way(attempt)} failed: {another.error.message}")
        except RunError as error:
            error.attempt = place
            raise
    failure.error.notes = (*job.notes, *hints(failure.error.message, job.inspection, job.experiment))
    insisted = attempts.in_the_way(job.inspection, job.experiment, failure)
    failure.error.message = remarks.leave_out(failure.error.message, insisted)
    raise failure.error


def _try(job: Job, attempt: Attempt) -> Result:
    """Raises Failed where another way may do better, a RunError where not."""
    experiment, run = fitted(job.inspection, job.experiment, attempt), None
    try:
        run = Run(job, experiment, attempt)
        drive = CoSimulation if run.kind == "CoSimulation" else ModelExchange
        drive(run).simulate()
        _end(run)
        return run.recorder.result(complete=True)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  FMPy raises bare Exceptions, ctypes its own
        raise _failure(job, error, run) from None


def _end(run: Run) -> None:
    """Terminate, which lets an FMU write its files. Freeing is left to the end of the process: many crash there."""
    try:
        run.fmu.terminate()
    except (FMICallException, FMURefused) as error:
        run.notes.add(f"The FMU complained when it was terminated, after the run was complete: {error}")
    run.notes[:0] = [remarks.ran(run)]
    for remark in remarks.missing(run):
        run.notes.add(remark)


def _failure(job: Job, error: Exception, run: Run | None) -> Exception:
    refusal = error if isinstance(error, RunError) else _refusal(job, error, run)
    refusal.partial = _partial(run) if run else None
    refusal.notes = (*job.notes, *hints(refusal.message, job.inspection, job.experiment))
    if not isinstance(refusal, FMURefused):
        return refusal
    moved = run is not None and run.begun and run.time > run.start
    return Failed(refusal, begun=moved, by_solver=isinstance(refusal, SolverFailed) or _is_of_the_clock(error))


def _refusal(job: Job, error: Exception, run: Run | None) -> FMURefused:
    if isinstance(error, FMICallException):
        where = f" at t={run.time:g}" if run else ""
        status = _STATUS.get(error.status, f"status {error.status}")
        return FMURefused(f"{error.function} answered with {status}{where}{instance.reason(job.log)}")
    return FMURefused(f"The run failed: {type(error).__name__}: {error}")


def _show_resources(folder: Path, scratch: Path) -> None:
    """Some FMUs open `resources/...` from their present folder instead of the path that they are given."""
    with contextlib.suppress(OSError):
        (scratch / "resources").symlink_to(folder / "resources")


def _is_of_the_clock(error: Exception) -> bool:
    """The FMU minds a time, mostly one beyond the stop time that it was told."""
    return isinstance(error, FMICallException) and error.function.endswith("SetTime")


def _partial(run: Run) -> Result | None:
    """What was reached, cut at the first value that is not finite."""
    with contextlib.suppress(BadResult):
        run.recorder.check()
    return run.recorder.result(complete=False) if run.recorder.rows else None
