"""Another look inside FMUs that an older engine looked into. They stay in use meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from django.db.models import QuerySet

from simulations.fmi.errors import IntakeRefused, SandboxError
from simulations.fmi.inspection import Inspection, Verdict
from simulations.fmi.version import ENGINE
from simulations.models import Fmu
from simulations.services import engine, intake, local_store, waiting
from simulations.services.queue import enqueue_recheck

log = logging.getLogger(__name__)


def outdated() -> QuerySet[Fmu]:
    """What this engine has not looked into yet."""
    return Fmu.objects.filter(status=Fmu.Status.ACCEPTED, engine__lt=ENGINE).order_by("pk")


def run_batch(fmus: Sequence[int], *, seconds: float) -> int:
    """Put these into the queue and wait at most `seconds`; how many were looked into."""
    for pk in fmus:
        enqueue_recheck(pk)
    left = outdated().filter(pk__in=fmus)
    waiting.until(lambda: not left.exists(), seconds=seconds)
    return len(fmus) - left.count()


def recheck(fmu_pk: int) -> None:
    """The task. What cannot be looked into for our fault stays outdated, so that the next call tries again."""
    fmu = outdated().filter(pk=fmu_pk).first()
    if fmu is None:
        return
    try:
        inspection = local_store.unpack(fmu.sha256, fmu.archive)
    except IntakeRefused as refusal:
        inspection = _no_longer_accepted(fmu, refusal)
    except (SandboxError, OSError) as error:
        engine.report_trouble(error)
        return
    intake.keep(outdated().filter(pk=fmu.pk), inspection)
    log.info("fmu=%s engine=%s runs=%s", fmu.sha256, ENGINE, inspection.verdict.runs)


def _no_longer_accepted(fmu: Fmu, refusal: IntakeRefused) -> Inspection:
    """Its owner keeps the bytes and what the older engine saw, and reads why it does not run any more."""
    verdict = Verdict(
        runs=False,
        summary=f"Runs here: no, not any more. {refusal.message}",
        code=refusal.code,
        next_step="Export it again and upload the new file.",
    )
    return replace(Inspection.from_json(fmu.inspection or {}), verdict=verdict)
