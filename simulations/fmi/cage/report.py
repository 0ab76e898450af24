"""How a job ended, as its warden tells it; and the few words that both sides of the cage know."""

from __future__ import annotations

from dataclasses import dataclass

READY = b"ready"  # the zygote, once
STARTED = b"\n"  # a warden, before its report, which is JSON and does not mind
WATCHED = b"watched"  # an inmate, with the listener that hears of its forbidden calls
LOCKED = b"locked"  # an inmate, once it has nothing left to lose
ENDED_WELL, COULD_NOT_REPORT = 0, 70  # exit codes of an inmate; an FMU may use them too, and gains nothing by it


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """exit is the inmate's exit code, or minus the number of the signal that killed it.

    forbidden_call: the number of the system call for which the warden ended it.
    """

    setup_error: str = ""
    forbidden_call: int | None = None
    exit: int = ENDED_WELL
    timed_out: bool = False
    run_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_bytes: int = 0
