"""Extracted FMUs on this worker's disk, one folder a sha256; least recently used goes first."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits
from simulations.services import engine

# Longer than any run may take: what was touched since then may be in use by another worker of this machine.
IN_USE_SECONDS = 3600


def unpack(sha256: str, archive: str) -> Inspection:
    """Unpack an archive of the storage here, in the cage. Raises IntakeRefused, SandboxError."""
    limits = IntakeLimits(archive_bytes=settings.MAX_UPLOAD_BYTES)
    with _fetched(archive) as path:
        inspection = engine.cage().intake(path, sha256=sha256, limits=limits)
    make_room()
    return inspection


def ensure(sha256: str, archive: str) -> None:
    """Have the FMU here, and note that it was used."""
    folder = engine.store() / sha256
    try:
        os.utime(folder)
    except FileNotFoundError:
        unpack(sha256, archive)


def make_room() -> None:
    """Delete the least recently used folders until the rest fits settings.FMU_CACHE_BYTES."""
    folders = sorted(_folders(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    total = 0
    for folder in folders:
        total += _size(folder)
        if total > settings.FMU_CACHE_BYTES and time.time() - folder.stat().st_mtime > IN_USE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def forget(sha256: str) -> None:
    """Nobody has this FMU any more."""
    for folder in _folders():
        if folder.name == sha256:
            shutil.rmtree(folder, ignore_errors=True)


def _folders() -> Iterator[Path]:
    """Of this engine and of older ones: theirs go unused, and so go first."""
    return (path for path in Path(settings.FMU_CACHE_DIR).glob("engine-*/*") if path.is_dir() and len(path.name) == 64)


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*"))


@contextmanager
def _fetched(archive: str) -> Iterator[Path]:
    """The archive as a local file: itself where the storage is a disk, else a copy for as long as it is needed."""
    try:
        yield Path(default_storage.path(archive))
    except NotImplementedError:
        with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".fmu") as copy:
            with default_storage.open(archive) as stored:
                shutil.copyfileobj(stored, copy)
            copy.flush()
            yield Path(copy.name)
