"""What the trusted side tells an inmate about its work, as JSON in a file that lives in memory only."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from simulations.fmi.cage.request import Request
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits, Limits


def for_run(experiment: Experiment, inspection: Inspection, limits: Limits) -> dict[str, Any]:
    """inspection: as much of it as the run has to know (`Inspection.narrowed`)."""
    return {"experiment": asdict(experiment), "inspection": inspection.to_json(), "limits": asdict(limits)}


def for_intake(limits: IntakeLimits) -> dict[str, Any]:
    return {"limits": asdict(limits)}


def for_build(inspection: Inspection, limits: IntakeLimits) -> dict[str, Any]:
    return {"inspection": inspection.to_json(), "limits": asdict(limits)}


@contextmanager
def travelling(request: Request) -> Iterator[dict[str, int]]:
    """The descriptors that go along with a job: its payload, and the archive of an intake."""
    files = {"payload": in_memory(request.payload)}
    try:
        if request.archive is not None:
            files["archive"] = os.open(request.archive, os.O_RDONLY | os.O_CLOEXEC)
        yield files
    finally:
        for descriptor in files.values():
            os.close(descriptor)


def in_memory(payload: Mapping[str, Any]) -> int:
    """A descriptor that reads `payload` from its start (memfd, Linux 3.17)."""
    descriptor = os.memfd_create("payload", os.MFD_CLOEXEC)
    with os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(json.dumps(payload).encode())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
