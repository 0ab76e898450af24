"""The caged look inside an uploaded FMU: a task that the uploading request waits for."""

from __future__ import annotations

import logging

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from simulations.errors import Busy, FmuNotAccepted
from simulations.fmi.errors import FieldProblem, IntakeRefused, SandboxError
from simulations.fmi.inspection import Inspection
from simulations.fmi.version import ENGINE
from simulations.models import Fmu, FmuHolding
from simulations.services import engine, local_store, news, waiting
from simulations.services.queue import enqueue_check

log = logging.getLogger(__name__)

ATTEMPTS = 2


def await_verdict(holding: FmuHolding, *, seconds: float) -> bool:
    """Wait for the look inside; whether there is a verdict yet. Raises FmuNotAccepted, and then nothing is kept."""
    waiting.until_checked(holding.fmu, seconds=seconds)
    if holding.fmu.status == Fmu.Status.REFUSED:
        holding.delete()
        raise refusal(holding.fmu)
    return holding.fmu.status == Fmu.Status.ACCEPTED


def refusal(fmu: Fmu) -> FmuNotAccepted | Busy:
    """Why an FMU was refused, as a problem of the request that brought it."""
    if fmu.refusal_code == SandboxError.code:
        return Busy(fmu.refusal_message, code=fmu.refusal_code, headers={"Retry-After": "10"})
    problem = FieldProblem("fmu", fmu.refusal_code, fmu.refusal_message)
    return FmuNotAccepted(fmu.refusal_message, code=fmu.refusal_code, errors=[problem])


def check(fmu_pk: int, *, attempt: int = 1) -> None:
    """The task: unpack, read and judge in the cage; keep the inspection or the reason of the refusal."""
    fmu = Fmu.objects.filter(pk=fmu_pk, status=Fmu.Status.CHECKING).first()
    if fmu is None:
        return
    try:
        inspection = local_store.unpack(fmu.sha256, fmu.archive)
    except IntakeRefused as error:
        _refuse(fmu, error.code, error.message)
    except SandboxError as error:
        _try_again(fmu, error, attempt)
    else:
        _accept(fmu, inspection)


def keep(rows: QuerySet[Fmu], inspection: Inspection) -> None:
    """Write what this engine found, if the row is still there to be written."""
    found = inspection.to_json()
    rows.update(
        status=Fmu.Status.ACCEPTED,
        inspection=found,
        verdict=found["verdict"],
        model_name=inspection.model_name,
        fmi_version=inspection.fmi_version,
        checked_at=timezone.now(),
        engine=ENGINE,
    )


def _accept(fmu: Fmu, inspection: Inspection) -> None:
    keep(Fmu.objects.filter(pk=fmu.pk, status=Fmu.Status.CHECKING), inspection)
    news.tell(fmu.sha256)
    log.info("fmu=%s status=accepted runs=%s", fmu.sha256, inspection.verdict.runs)


def _refuse(fmu: Fmu, code: str, message: str) -> None:
    """No bytes of a refused archive stay anywhere."""
    with transaction.atomic():
        refused = Fmu.objects.filter(pk=fmu.pk, status=Fmu.Status.CHECKING).update(
            status=Fmu.Status.REFUSED,
            archive="",
            refusal_code=code,
            refusal_message=message,
            checked_at=timezone.now(),
        )
    if refused:
        default_storage.delete(fmu.archive)
        news.tell(fmu.sha256)
        log.info("fmu=%s status=refused code=%s", fmu.sha256, code)


def _try_again(fmu: Fmu, error: SandboxError, attempt: int) -> None:
    """A cage that could not be set up is not the FMU's fault: once more, on whichever worker is free."""
    engine.report_trouble(error)
    if attempt < ATTEMPTS:
        enqueue_check(fmu, attempt=attempt + 1)
    else:
        _refuse(fmu, error.code, f"The FMU could not be looked into: {error.message} That is our fault; try again.")
