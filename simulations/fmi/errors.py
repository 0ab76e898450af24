"""Everything that can go wrong with an FMU, each with the code that the public contract names.

Three families: the archive is refused (`IntakeRefused`), the experiment does not fit the model
(`ExperimentInvalid`), or the run failed (`RunError` and its subclasses).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from simulations.fmi.experiment import Result


class FMIError(Exception):
    """Base of the three families."""


class IntakeRefused(FMIError):
    """The bytes are not an FMU that we accept.

    `code` is stable (`not_a_zip`, `zip_slip`, `zip_bomb`, `no_model_description`, ...); the message names
    the fault and the next step.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field of a request that is at fault: `start_values.h0`, `unknown_variable`, a sentence."""

    field: str
    code: str
    message: str


class ExperimentInvalid(FMIError):
    """The experiment does not fit the model; `problems` names every bad field."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


class RunError(FMIError):
    """A run that ended without a result. The message names the cause in one line.

    `partial` holds the part of the result that was reached, `notes` what was tried on the way,
    `attempt` the place in the plan of the attempt that ended so.
    """

    code: ClassVar[str] = "fmu_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.partial: Result | None = None
        self.notes: tuple[str, ...] = ()
        self.attempt = 0


class FMURefused(RunError):
    """The FMU or the solver said no."""

    code = "fmu_error"


class FMUCrashed(RunError):
    """The native code ended the process: a fatal signal, or an exit before the end."""

    code = "fmu_crashed"


class ForbiddenSystemCall(RunError):
    """The native code asked the kernel for something that no model needs."""

    code = "forbidden_system_call"


class TimeLimitExceeded(RunError):
    """The run took longer than its wall time."""

    code = "timeout"


class CpuLimitExceeded(RunError):
    """The run used more CPU seconds than it may."""

    code = "cpu_limit"


class MemoryLimitExceeded(RunError):
    """The run asked for more memory than it may have."""

    code = "memory_limit"


class OutputLimitExceeded(RunError):
    """The result or a file that the FMU wrote grew beyond its limit."""

    code = "output_limit"


class BadResult(RunError):
    """What came back is not a result: too short, not finite, malformed, or forged."""

    code = "bad_result"


class SandboxError(RunError):
    """The cage could not be set up. Ours, never the FMU's fault."""

    code = "sandbox_error"


class RunCanceled(RunError):
    """Somebody asked to stop the run."""

    code = "canceled"


RUN_ERRORS: dict[str, type[RunError]] = {
    error.code: error
    for error in (
        FMURefused,
        FMUCrashed,
        ForbiddenSystemCall,
        TimeLimitExceeded,
        CpuLimitExceeded,
        MemoryLimitExceeded,
        OutputLimitExceeded,
        BadResult,
        SandboxError,
        RunCanceled,
    )
}
