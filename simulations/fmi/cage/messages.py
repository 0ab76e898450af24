"""The sentences about limits that both sides of the cage say."""

from __future__ import annotations

from simulations.fmi.limits import IntakeLimits, Limits

MEMORY = "The FMU asked for more memory than a run may have."
INTAKE_MEMORY = "Reading the FMU needs more memory than the limit. Export it with fewer variables or files."
INTAKE_TIME = "Reading the FMU takes too long. Export it with fewer variables or files."


def timeout(limits: Limits | IntakeLimits) -> str:
    return f"The run took longer than {limits.wall_seconds:g} s. Ask for a shorter stop time or larger steps."


def cpu(limits: Limits | IntakeLimits) -> str:
    return f"The run used more than {limits.cpu_seconds:g} s of CPU time. Ask for a shorter stop time or larger steps."


def memory(limits: Limits | IntakeLimits) -> str:
    return f"The FMU asked for more than {limits.memory_bytes >> 20} MiB of memory."
