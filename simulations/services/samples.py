"""The sample FMUs: they belong to nobody, and everybody may run them for free."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from simulations.models import Fmu, FmuHolding
from simulations.models.fmu import SAMPLE_PREFIX
from simulations.services import intake, uploads


def load(path: Path) -> FmuHolding:
    """Make this file the sample of its name, through the same intake as everybody's. Again for the same: no change."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    with path.open("rb") as file:
        fmu = uploads.content(UploadedFile(File(file), name=path.name, size=path.stat().st_size), sha256=sha256)
    if fmu.status == Fmu.Status.CHECKING:
        # Here and now, so that the site starts with its samples.
        intake.check(fmu.pk, attempt=intake.ATTEMPTS)
        fmu.refresh_from_db()
    if fmu.status == Fmu.Status.REFUSED:
        raise intake.refusal(fmu)
    return point(path.stem, fmu)


def point(name: str, fmu: Fmu) -> FmuHolding:
    """Make this content the sample `name`. What was it before goes when nobody else has it."""
    with transaction.atomic():
        holding, _ = FmuHolding.objects.get_or_create(
            public_id=f"{SAMPLE_PREFIX}{name}",
            defaults={"fmu": fmu, "is_sample": True, "file_name": f"{name}.fmu"},
        )
        old = holding.fmu
        if old != fmu:
            holding.fmu = fmu
            holding.save(update_fields=["fmu"])
            uploads.drop_unheld(old.pk)
    return holding
