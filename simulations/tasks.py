"""What workers do. A task may be delivered twice: each begins by looking whether there is anything left to do."""

from __future__ import annotations

from django.tasks import task

from simulations.log_context import about
from simulations.services import execution, intake, recheck
from simulations.services.queue import INTAKE_PRIORITY, RECHECK_PRIORITY, SHORT


@task(priority=INTAKE_PRIORITY, queue_name=SHORT)
def check_fmu(fmu_pk: int, attempt: int = 1, *, log_fields: dict[str, str] | None = None) -> None:
    """Look inside an FMU that was uploaded."""
    with about(**(log_fields or {})):
        intake.check(fmu_pk, attempt=attempt)


@task(priority=RECHECK_PRIORITY, queue_name=SHORT)
def recheck_fmu(fmu_pk: int, *, log_fields: dict[str, str] | None = None) -> None:
    """Look again into an FMU that an older engine looked into."""
    with about(**(log_fields or {})):
        recheck.recheck(fmu_pk)


@task
def run_simulation(simulation_pk: int, *, log_fields: dict[str, str] | None = None) -> None:
    """Run a queued simulation."""
    with about(**(log_fields or {})):
        execution.execute(simulation_pk)
