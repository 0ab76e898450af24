"""What came out of the cage, in the words of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from simulations.fmi.cage import messages
from simulations.fmi.cage.decode import Decoder, End
from simulations.fmi.cage.report import Report
from simulations.fmi.cage.request import Answer
from simulations.fmi.cage.soundness import is_sound
from simulations.fmi.cage.text import printable_json
from simulations.fmi.errors import (
    BadResult,
    CpuLimitExceeded,
    FMUCrashed,
    FMURefused,
    IntakeRefused,
    MemoryLimitExceeded,
    OutputLimitExceeded,
    RunError,
    SandboxError,
    TimeLimitExceeded,
)
from simulations.fmi.experiment import Column, Outcome, Result, RunMetrics
from simulations.fmi.inspection import Inspection, Variable, Verdict

# An archive that the reader did not survive, or not within its bounds.
_REFUSALS: dict[type[RunError], tuple[str, str]] = {
    TimeLimitExceeded: ("too_slow_to_read", messages.INTAKE_TIME),
    CpuLimitExceeded: ("too_slow_to_read", messages.INTAKE_TIME),
    MemoryLimitExceeded: (
        "too_much_memory",
        messages.INTAKE_MEMORY,
    ),
    OutputLimitExceeded: ("zip_bomb", "The archive unpacks to more than the limit."),
    FMUCrashed: ("unreadable", "The FMU could not be read: its content crashed the reader. Export it again."),
    BadResult: ("unreadable", "The FMU could not be read. Export it again."),
}


def outcome(answer: Answer) -> tuple[Outcome, int]:
    """How a run ended, and in which of the planned attempts. A good end whose result does not hold is a BadResult."""
    collected = answer.collected
    result, error = _result(collected.decoder, answer.error)
    end = collected.decoder.end or End()
    ended = Outcome(
        result=result,
        error=error,
        metrics=_metrics(collected.report),
        log=collected.log,
        notes=end.notes,
    )
    return ended, end.attempt


def described(outcome: Outcome, inspection: Inspection) -> Outcome:
    """With columns as the model says they are: an inmate's word counts for their names and their texts alone."""
    if outcome.result is None:
        return outcome
    variables = {variable.name: variable for variable in inspection.variables}
    columns = tuple(_described(column, variables) for column in outcome.result.columns)
    return replace(outcome, result=replace(outcome.result, columns=columns))


def inspection(answer: Answer) -> Inspection:
    """What an intake read. Raises IntakeRefused or SandboxError."""
    end = answer.collected.decoder.end
    if isinstance(answer.error, SandboxError):
        raise answer.error
    if end is not None and end.code == SandboxError.code:
        raise SandboxError(end.message)
    if isinstance(answer.error, FMURefused) and end is not None and end.code is not None:
        raise IntakeRefused(end.code, end.message)
    if answer.error is not None:
        raise IntakeRefused(*_REFUSALS.get(type(answer.error), ("unreadable", answer.error.message)))
    try:
        read = Inspection.from_json(printable_json(answer.collected.decoder.inspection or {}))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise IntakeRefused(*_REFUSALS[BadResult]) from error
    if not is_sound(read):
        raise IntakeRefused(*_REFUSALS[BadResult])
    return read


def built(answer: Answer, before: Inspection) -> Inspection:
    """What an inspection is after its sources were compiled, or could not be. Raises SandboxError."""
    if isinstance(answer.error, SandboxError):
        raise answer.error
    if answer.error is None:
        return inspection(answer)
    reason = f"its sources could not be compiled: {answer.error.message.rstrip('.')}"
    return replace(before, verdict=refusal("build_failed", reason))


def refusal(code: str, reason: str) -> Verdict:
    advice = "Export it again with a Linux 64-bit binary inside."
    return Verdict(runs=False, summary=f"Runs here: no, {reason}.", code=code, next_step=advice)


def _described(column: Column, variables: Mapping[str, Variable]) -> Column:
    variable = variables.get(column.name) or variables[column.name.rpartition("[")[0]]
    return replace(
        column,
        unit=variable.unit,
        display_unit=variable.display_unit,
        description=variable.description,
        enumeration={number: name for name, number in (variable.enumeration or {}).items()} or None,
    )


def _result(decoder: Decoder, error: RunError | None) -> tuple[Result | None, RunError | None]:
    try:
        result = decoder.result(complete=error is None)
    except BadResult as bad:
        return None, error or bad
    if result is None and error is None:
        return None, BadResult("The run ended without a result.")
    return result, error


def _metrics(report: Report | None) -> RunMetrics:
    if report is None:
        return RunMetrics()
    return RunMetrics(
        run_seconds=report.run_seconds,
        cpu_seconds=report.cpu_seconds,
        peak_memory_bytes=report.peak_memory_bytes,
    )
