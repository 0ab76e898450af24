"""Extracted FMUs on this worker's disk, one folder a sha256; least recently used goes first."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage

from simulations.fmi.errors import SandboxError
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits
from simulations.services import disk, engine

# What a customer reads; the cause, which names our storage, is for the log.
NOT_GIVEN = "Our file storage did not give its archive."
# Longer than any run may take: what was touched since then may be in use by another worker of this machine.
IN_USE_SECONDS = 3600


def unpack(sha256: str, archive: str) -> Inspection:
    """Unpack an archive of the storage here, in the cage. Raises IntakeRefused, SandboxError.

    Never on a disk that is short: the compiler would say that the sources are at fault, for good.
    """
    if disk.is_short():
        make_room()
    if disk.is_short():
        raise SandboxError("There is no room on our disk to unpack it.")
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
    """Delete the least recently used folders until the rest fits FMU_CACHE_BYTES and the disk is not short."""
    sizes = {folder: _size(folder) for folder in sorted(_folders(), key=_last_used)}
    total = sum(sizes.values())
    for folder, size in sizes.items():
        enough = total <= settings.FMU_CACHE_BYTES and not disk.is_short()
        if enough or time.time() - _last_used(folder) < IN_USE_SECONDS:
            return
        shutil.rmtree(folder, ignore_errors=True)
        total -= size


def forget(sha256: str) -> None:
    """Nobody has this FMU any more."""
    for folder in _folders():
        if folder.name == sha256:
            shutil.rmtree(folder, ignore_errors=True)


def _folders() -> Iterator[Path]:
    """Of this engine and of older ones: theirs go unused, and so go first."""
    return (path for path in Path(settings.FMU_CACHE_DIR).glob("engine-*/*") if path.is_dir() and len(path.name) == 64)


def _last_used(folder: Path) -> float:
    """0.0 when another worker of this machine, which makes room too, was faster."""
    with suppress(FileNotFoundError):
        return folder.stat().st_mtime
    return 0.0


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.lstat().st_size
    return total


@contextmanager
def _fetched(archive: str) -> Iterator[Path]:
    """The archive as a local file: itself where the storage is a disk, else a copy for as long as it is needed.

    Raises SandboxError when the storage does not give it.
    """
    try:
        path = Path(default_storage.path(archive))
    except NotImplementedError:
        with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".fmu") as copy:
            _fetch(archive, copy)
            yield Path(copy.name)
    else:
        if not path.is_file():
            raise SandboxError(NOT_GIVEN) from FileNotFoundError(archive)
        yield path


def _fetch(archive: str, copy: IO[bytes]) -> None:
    try:
        with default_storage.open(archive) as stored:
            shutil.copyfileobj(stored, copy)
        copy.flush()
    except Exception as error:  # each storage has errors of its own
        raise SandboxError(NOT_GIVEN) from error
