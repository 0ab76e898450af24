"""The end of a run: result stored, status final, credit captured or released."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from django.db import transaction

from simulations.fmi.downsample import downsample
from simulations.fmi.errors import RunCanceled, RunError
from simulations.fmi.experiment import Column, Outcome, Result
from simulations.models import Simulation, Status
from simulations.services import charging, result_files
from simulations.services.cancel import cancel_waiting
from simulations.services.experiments import columns_of
from simulations.services.files import NotStored
from simulations.services.leases import mine
from simulations.services.queue import enqueue_run
from simulations.services.spark import spark
from simulations.services.transition import transition

log = logging.getLogger(__name__)

# A failed run shows its partial curve at the resolution of a plot, and no more.
PARTIAL_ROWS = 1000
TIME = Column(name="time", unit="s")
UNSTORED = "What came of this run could not be stored. That is our fault; nothing was charged."


def finish(simulation: Simulation, outcome: Outcome) -> None:
    """Keep what came of a run of this worker. Charged for success, and for a cancel once it had started.

    Raises NotStored, and then the run is still this worker's.
    """
    status = _status(outcome.error)
    result = _kept(outcome)
    name = result_files.store(simulation, result) if result else ""
    with transaction.atomic():
        kept = transition(simulation, to=status, only=mine(), **_facts(outcome, result), result=name)
        if kept:
            charging.settle(simulation, charge=status in (Status.SUCCEEDED, Status.CANCELED))
    if not kept and name:
        result_files.delete(name)


def requeue(simulation: Simulation, *, attempts: int) -> None:
    """Give the run back to the queue; its credit stays reserved. attempts: how many count against it.

    What its owner wanted to be stopped meanwhile is canceled there and costs nothing: that it did not run is our fault.
    """
    facts = {"started_at": None, "attempts": attempts}
    with transaction.atomic():
        if not transition(simulation, to=Status.QUEUED, source=Status.RUNNING, only=mine(), **facts):
            return
        if Simulation.objects.filter(pk=simulation.pk, cancel_requested_at=None).exists():
            enqueue_run(simulation)
        else:
            cancel_waiting(simulation)


def fail_unstored(simulation: Simulation, error: NotStored) -> None:
    """End a run of this worker whose result could not be stored."""
    log.error("simulation=%s code=result_not_stored %s", simulation.public_id, error)
    fail(simulation, "result_not_stored", UNSTORED, source=Status.RUNNING, only=mine())


def fail(
    simulation: Simulation,
    error_code: str,
    message: str,
    *,
    source: Status,
    only: Mapping[str, object] = MappingProxyType({}),
) -> bool:
    """End a run that cannot go on, by our fault, and give its credit back. Whether it was still there to end."""
    facts = {"error_code": error_code, "error_message": message}
    with transaction.atomic():
        failed = transition(simulation, to=Status.FAILED, source=source, only=only, **facts)
        if failed:
            charging.settle(simulation, charge=False)
    return failed


def _status(error: RunError | None) -> Status:
    if error is None:
        return Status.SUCCEEDED
    return Status.CANCELED if isinstance(error, RunCanceled) else Status.FAILED


def _kept(outcome: Outcome) -> Result | None:
    """The whole result of a run that succeeded; of any other a curve to look at."""
    if outcome.error is None or outcome.result is None or len(outcome.result.data) == 0:
        return outcome.result if outcome.error is None else None
    return downsample(outcome.result, PARTIAL_ROWS)


def _facts(outcome: Outcome, result: Result | None) -> dict[str, Any]:
    """What the row says about the run."""
    facts: dict[str, Any] = {
        "run_seconds": outcome.metrics.run_seconds,
        "cpu_seconds": outcome.metrics.cpu_seconds,
        "peak_memory_bytes": outcome.metrics.peak_memory_bytes,
        "log": outcome.log.replace("\0", ""),
        "notes": list(outcome.notes),
    }
    if outcome.effective:
        facts |= {"request": columns_of(outcome.effective)["request"]}
    if result:
        facts |= {
            "rows": len(result.data),
            "columns": [_described(asdict(column)) for column in (TIME, *result.columns)],
            "result_is_partial": outcome.error is not None,
            "spark": spark(result),
        }
    if outcome.error:
        return facts | {"error_code": outcome.error.code, "error_message": outcome.error.message.replace("\0", "")}
    return facts | {"progress": 1.0}


def _described(column: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in column.items() if value is not None}
