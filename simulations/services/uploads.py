"""An archive into the storage, once for the same bytes, and the uploader's holding of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from simulations.models import Fmu, FmuHolding
from simulations.services import files, upload_quota
from simulations.services.queue import enqueue_check
from simulations.visitor import Visitor


def receive(file: UploadedFile[Any], *, sha256: str, visitor: Visitor) -> FmuHolding:
    """Keep the bytes if nobody brought them before, have them looked into, and give the visitor a holding.

    Follow with intake.await_verdict: a holding of refused bytes does not stay. Raises UploadQuotaUsed.
    """
    upload_quota.spend(file.size or 0, sha256=sha256, visitor=visitor)

    def hold(fmu: Fmu) -> FmuHolding:
        holding = _holding(fmu, visitor, file_name=PurePath(file.name or "").name[:255])
        if fmu.status == Fmu.Status.CHECKING:
            enqueue_check(fmu)
        return holding

    return _keep(file, sha256, hold)


def content(file: UploadedFile[Any], *, sha256: str) -> Fmu:
    """Keep the bytes if nobody brought them before, for no visitor; the caller has them looked into and held."""
    return _keep(file, sha256, lambda fmu: fmu)


def drop_unheld(fmu_pk: int) -> None:
    """Forget a content that nobody has any more.

    Its row is locked first, so that an upload of the same bytes at this moment either keeps it or makes it anew.
    """
    with transaction.atomic():
        fmu = Fmu.objects.select_for_update().filter(pk=fmu_pk).first()
        if fmu and not fmu.holdings.exists():
            fmu.delete()


def _keep[Kept](file: UploadedFile[Any], sha256: str, then: Callable[[Fmu], Kept]) -> Kept:
    """What `then` makes of the row of these bytes, in the transaction that locks it against deletion."""
    with transaction.atomic():
        if known := _known(sha256):
            return then(known)
    with _stored(file, sha256) as archive, transaction.atomic():
        return then(_content(sha256, size=file.size or 0, archive=archive))


def _known(sha256: str) -> Fmu | None:
    """The row of bytes that are in the storage already: those of refused ones are not."""
    kept = Fmu.objects.exclude(status=Fmu.Status.REFUSED).defer("inspection")
    return kept.select_for_update().filter(sha256=sha256).first()


@contextmanager
def _stored(file: UploadedFile[Any], sha256: str) -> Iterator[str]:
    """The bytes in the storage, under a name that no other upload writes to.

    Afterwards the name is deleted again unless a row has it: another upload of the same bytes was faster.
    """
    archive = files.save(f"fmus/{sha256[:2]}/{sha256}-{secrets.token_hex(4)}.fmu", file)
    try:
        yield archive
    finally:
        if not Fmu.objects.filter(archive=archive).exists():
            default_storage.delete(archive)


def _content(sha256: str, *, size: int, archive: str) -> Fmu:
    """The row of these bytes, locked. What was refused before gets another look."""
    Fmu.objects.get_or_create(sha256=sha256, defaults={"size": size, "archive": archive})
    fmu = Fmu.objects.select_for_update().defer("inspection").get(sha256=sha256)
    if fmu.status == Fmu.Status.REFUSED:
        fmu.status, fmu.archive, fmu.refusal_code, fmu.refusal_message = Fmu.Status.CHECKING, archive, "", ""
        fmu.save(update_fields=["status", "archive", "refusal_code", "refusal_message"])
    return fmu


def _holding(fmu: Fmu, visitor: Visitor, *, file_name: str) -> FmuHolding:
    known = FmuHolding.objects.owned_by(visitor).filter(fmu=fmu).first()
    return known or FmuHolding.objects.create(fmu=fmu, user=visitor.user, file_name=file_name)
