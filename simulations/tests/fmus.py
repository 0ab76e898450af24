"""FMUs for the tests: our samples, and archives that are broken in one way each."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from simulations.models import Fmu, FmuHolding
from simulations.samples import FOLDER
from simulations.services import samples, uploads, waiting
from simulations.services.queue import enqueue_check

_known: dict[str, dict[str, Any]] = {}


def sample_path(name: str) -> Path:
    return FOLDER / f"{name}.fmu"


def load_sample(name: str) -> FmuHolding:
    """The sample, through the worker's real intake the first time, from what that found later."""
    if name not in _known:
        fmu = _through_intake(sample_path(name))
        _known[name] = {field.attname: getattr(fmu, field.attname) for field in Fmu._meta.concrete_fields}
    fmu = Fmu.objects.filter(sha256=_known[name]["sha256"]).first() or Fmu.objects.create(**_known[name])
    if not default_storage.exists(fmu.archive):
        default_storage.save(fmu.archive, ContentFile(sample_path(name).read_bytes()))
    return samples.point(name, fmu)


def variant(name: str, *, description: Callable[[str], str] = str, extra: dict[str, bytes] | None = None) -> bytes:
    """A sample's archive with a changed modelDescription.xml or more files: other bytes, still an FMU."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(sample_path(name)) as source, zipfile.ZipFile(buffer, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "modelDescription.xml":
                content = description(content.decode()).encode()
            target.writestr(item, content)
        for path, content in (extra or {}).items():
            target.writestr(path, content)
    return buffer.getvalue()


def upload(content: bytes, name: str = "model.fmu") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def _through_intake(path: Path) -> Fmu:
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    fmu = uploads.content(upload(content, path.name), sha256=sha256)
    enqueue_check(fmu)
    assert waiting.until_checked(fmu, seconds=30)
    assert fmu.status == Fmu.Status.ACCEPTED, fmu.refusal_message
    return fmu
