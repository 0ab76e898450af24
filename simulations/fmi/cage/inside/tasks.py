"""What an inmate is for: run an experiment, take an archive in, or attack the cage for the self-test."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulations.fmi.cage import messages
from simulations.fmi.cage.frames import Sender
from simulations.fmi.cage.inside import probes, screen, unpack
from simulations.fmi.cage.inside.reporting import Keeper, ProgressMeter
from simulations.fmi.cage.job import Job, Kind
from simulations.fmi.errors import (
    CpuLimitExceeded,
    IntakeRefused,
    MemoryLimitExceeded,
    RunError,
    SandboxError,
    TimeLimitExceeded,
)
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits, Limits
from simulations.fmi.runner import build, execute, intake


@dataclass(frozen=True, slots=True)
class Task:
    """A job, what it is about (from the trusted side), and where its answer goes."""

    job: Job
    payload: dict[str, Any]
    files: dict[str, int]
    sender: Sender


def perform(job: Job, files: dict[str, int]) -> None:
    """Do the job and say how it went. Raises OSError when the answer cannot be sent."""
    with os.fdopen(files["payload"], "rb") as payload:
        task = Task(job, json.load(payload), files, Sender(files["result"]))
    {Kind.RUN: _run, Kind.INTAKE: _intake, Kind.BUILD: _build, Kind.PROBE: _probe}[job.kind](task)


def _run(task: Task) -> None:
    limits = Limits(**task.payload["limits"])
    try:
        done = execute.execute(
            Path(task.job.fmu),
            load_experiment(task.payload["experiment"]),
            Inspection.from_json(task.payload["inspection"]),
            limits,
            scratch=Path(task.job.scratch),
            progress=ProgressMeter(task.sender, _soft_limits(limits)),
            keep=Keeper(task.sender),
        )
    except Exception as error:  # noqa: BLE001  the stranger's code can make anything fail
        _send_failure(task.sender, error)
    else:
        task.sender.result(done.result)
        task.sender.end(notes=done.notes, attempt=done.attempt)


def _send_failure(sender: Sender, error: Exception) -> None:
    """The part that was reached, then the reason."""
    if (partial := getattr(error, "partial", None)) is not None:
        sender.result(partial)
    if isinstance(error, MemoryError):
        error = MemoryLimitExceeded(messages.MEMORY)
    code = error.code if isinstance(error, RunError) else "fmu_error"
    message = error.message if isinstance(error, RunError) else f"{type(error).__name__}: {error}"
    notes, attempt = getattr(error, "notes", ()), getattr(error, "attempt", 0)
    sender.end(notes=notes, attempt=attempt, code=code, message=message)


def _soft_limits(limits: Limits) -> Callable[[], None]:
    """Stop between two steps when time is up, so that the part so far survives; the warden stops the rest."""
    deadline = time.monotonic() + limits.wall_seconds

    def check() -> None:
        if time.monotonic() > deadline:
            raise TimeLimitExceeded(messages.timeout(limits))
        if time.process_time() > limits.cpu_seconds:
            raise CpuLimitExceeded(messages.cpu(limits))

    return check


def _intake(task: Task) -> None:
    limits = IntakeLimits(**task.payload["limits"])
    folder = Path(task.job.fmu)
    try:
        unpack.unpack(task.files["archive"], folder, limits)
        screen.screen(folder, limits)
        inspection = intake.read(folder, limits)
    except IntakeRefused as refusal:
        task.sender.end(code=refusal.code, message=refusal.message)
    except MemoryError:
        task.sender.end(code="too_much_memory", message=messages.INTAKE_MEMORY)
    except OSError as error:  # no room on the disk, most likely
        task.sender.end(code=SandboxError.code, message=f"The archive could not be unpacked: {error}")
    else:
        task.sender.inspection(inspection.to_json())
        task.sender.end()


def _build(task: Task) -> None:
    """Compile the FMU's sources; whatever they are, the inspection says what became of it."""
    os.setpgid(0, 0)
    os.environ["PATH"] = "/usr/bin"
    inspection = Inspection.from_json(task.payload["inspection"])
    report = build.build(Path(task.job.fmu), inspection, Path(task.job.output or task.job.scratch))
    task.sender.inspection(build.judged(inspection, report).to_json())
    task.sender.end()


def _probe(task: Task) -> None:
    if task.payload["forbidden"]:
        probes.call_forbidden()
    try:
        task.sender.attacks(probes.attack(task.payload["targets"], fmu=Path(task.job.fmu)))
    except OSError as error:
        task.sender.end(code="fmu_error", message=f"a job cannot use its own folders: {error}")
    else:
        task.sender.end()


def load_experiment(fields: dict[str, Any]) -> Experiment:
    """JSON knows lists only; the experiment's own lists are tuples."""
    tuples = {name: tuple(fields[name]) for name in ("outputs", "left_open") if fields[name] is not None}
    return Experiment(**fields | tuples)
