"""An archive into the storage, once for the same bytes, and the uploader's holding of it."""

from __future__ import annotations

import secrets
from pathlib import PurePath

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from simulations.models import Fmu, FmuHolding
from simulations.services.queue import enqueue_check
from simulations.visitor import Visitor


def receive(file: UploadedFile, *, sha256: str, visitor: Visitor) -> FmuHolding:
    """Keep the bytes if nobody brought them before, have them looked into, and give the visitor a holding.

    Follow with intake.await_verdict: a holding of refused bytes does not stay.
    """
    archive = "" if _is_here(sha256) else _store(file, sha256)
    with transaction.atomic():
        fmu = _content(sha256, size=file.size or 0, archive=archive)
        holding = _holding(fmu, visitor, file_name=PurePath(file.name or "").name[:255])
        if fmu.status == Fmu.Status.CHECKING:
            enqueue_check(fmu)
    if archive and fmu.archive != archive:
        default_storage.delete(archive)
    return holding


def _is_here(sha256: str) -> bool:
    return Fmu.objects.filter(sha256=sha256).exclude(status=Fmu.Status.REFUSED).exists()


def _store(file: UploadedFile, sha256: str) -> str:
    # A name of its own: two uploads of the same bytes at the same time do not write one file.
    return default_storage.save(f"fmus/{sha256[:2]}/{sha256}-{secrets.token_hex(4)}.fmu", file)


def _content(sha256: str, *, size: int, archive: str) -> Fmu:
    """The row of these bytes, locked against deletion until commit. What was refused before gets another look."""
    Fmu.objects.get_or_create(sha256=sha256, defaults={"size": size, "archive": archive})
    fmu = Fmu.objects.select_for_update().get(sha256=sha256)
    if fmu.status == Fmu.Status.REFUSED:
        fmu.status, fmu.archive, fmu.refusal_code, fmu.refusal_message = Fmu.Status.CHECKING, archive, "", ""
        fmu.save(update_fields=["status", "archive", "refusal_code", "refusal_message"])
    return fmu


def _holding(fmu: Fmu, visitor: Visitor, *, file_name: str) -> FmuHolding:
    known = FmuHolding.objects.owned_by(visitor).filter(fmu=fmu).first()
    return known or FmuHolding.objects.create(fmu=fmu, user=visitor.user, file_name=file_name)
