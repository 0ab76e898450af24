"""How a job ended, from what the trusted side saw: the warden's report, the OOM count, our own clock."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from simulations.fmi.cage import messages, syscalls
from simulations.fmi.cage.collect import Collected
from simulations.fmi.cage.decode import End
from simulations.fmi.cage.report import COULD_NOT_REPORT, Report
from simulations.fmi.errors import (
    RUN_ERRORS,
    BadResult,
    CpuLimitExceeded,
    FMUCrashed,
    FMURefused,
    ForbiddenSystemCall,
    MemoryLimitExceeded,
    OutputLimitExceeded,
    RunCanceled,
    RunError,
    SandboxError,
    TimeLimitExceeded,
)
from simulations.fmi.limits import IntakeLimits, Limits

# What an inmate may say about itself. Its word counts only where it cannot blame the cage or charge somebody.
_SELF_REPORTED = ("fmu_error", "bad_result", "timeout", "cpu_limit", "memory_limit", "output_limit")
_CRASHES: dict[int, str] = {
    signal.SIGSEGV: "segmentation fault",
    signal.SIGABRT: "it aborted",
    signal.SIGBUS: "bus error",
    signal.SIGILL: "illegal instruction",
    signal.SIGFPE: "arithmetic error",
    signal.SIGTRAP: "breakpoint trap",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the judge looks at."""

    collected: Collected
    limits: Limits | IntakeLimits
    out_of_memory_kills: int = 0


def judge(evidence: Evidence) -> RunError | None:
    """The error of the job, or None when it ended well and said so. The first cause that applies is the answer."""
    collected = evidence.collected
    report = collected.report
    if collected.canceled:
        return RunCanceled("The run was canceled.")
    if collected.fault is not None:
        return collected.fault
    if report is None:
        return _unreported(evidence)
    if report.setup_error:
        return SandboxError(f"The cage could not be set up: {report.setup_error}")
    if report.forbidden_call is not None:
        name = syscalls.name_of(report.forbidden_call)
        return ForbiddenSystemCall(f"FMU stopped: it made the system call {name}, which no model needs.")
    if report.timed_out:
        return TimeLimitExceeded(messages.timeout(evidence.limits))
    return _by_signal(evidence, report) if report.exit < 0 else _by_word(collected, report)


def _unreported(evidence: Evidence) -> RunError:
    """Nobody reported. A job that started and outlived its clock is to blame for that; else we are."""
    if evidence.collected.started and evidence.collected.hung:
        return TimeLimitExceeded(messages.timeout(evidence.limits))
    return SandboxError("The cage ended before the run did.")


def _by_signal(evidence: Evidence, report: Report) -> RunError:
    number = -report.exit
    if evidence.out_of_memory_kills:
        return MemoryLimitExceeded(messages.memory(evidence.limits))
    if number == signal.SIGXCPU or (number == signal.SIGKILL and report.cpu_seconds >= evidence.limits.cpu_seconds):
        return CpuLimitExceeded(messages.cpu(evidence.limits))
    if number == signal.SIGXFSZ:
        return OutputLimitExceeded("The FMU wrote a file larger than the limit.")
    if number == signal.SIGSYS:
        return ForbiddenSystemCall("FMU stopped: it made a system call that no model needs.")
    if "std::bad_alloc" in evidence.collected.log:
        return MemoryLimitExceeded(messages.memory(evidence.limits))
    return FMUCrashed(f"FMU crashed: {_name(number)}")


def _name(number: int) -> str:
    return _CRASHES.get(number, f"killed by signal {number}")


def _by_word(collected: Collected, report: Report) -> RunError | None:
    end = collected.decoder.end
    if report.exit == COULD_NOT_REPORT:
        return BadResult("The FMU broke the channel that its result should have come through.")
    if end is None or report.exit != 0:
        return FMUCrashed(f"FMU ended its own process before the run was over (exit code {report.exit}).")
    return None if end.code is None else _self_reported(end)


def _self_reported(end: End) -> RunError:
    kind = RUN_ERRORS[end.code] if end.code in _SELF_REPORTED else FMURefused
    return kind(end.message)
