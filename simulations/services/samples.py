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

FOLDER = Path(__file__).resolve().parent.parent / "samples"


def load(path: Path) -> FmuHolding:
    """Make this file the sample of its name, through the same intake as everybody's. Again for the same: no change."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    with path.open("rb") as file:
        fmu = uploads.content(UploadedFile(File(file), name=path.name, size=path.stat().st_size), sha256=sha256)
    if fmu.status == Fmu.Status.CHECKING:
        intake.check(fmu.pk, attempt=intake.ATTEMPTS)
        fmu.refresh_from_db()
    if fmu.status == Fmu.Status.REFUSED:
        raise intake.refusal(fmu)
    return _point(f"{SAMPLE_PREFIX}{path.stem}", fmu, file_name=path.name)


def _point(public_id: str, fmu: Fmu, *, file_name: str) -> FmuHolding:
    """A sample that was built anew keeps its name; the old content goes when nobody uses it."""
    with transaction.atomic():
        holding, _ = FmuHolding.objects.get_or_create(
            public_id=public_id, defaults={"fmu": fmu, "is_sample": True, "file_name": file_name}
        )
        old = holding.fmu
        if old != fmu:
            FmuHolding.objects.filter(pk=holding.pk).update(fmu=fmu)
            uploads.drop_unheld(old.pk)
    return holding
