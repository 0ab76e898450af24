"""Extracted FMUs on this worker's disk, one folder a sha256; least recently used goes first.

Whoever runs one holds a shared lock on its folder, and only a folder that nobody holds is deleted: how long ago it was
used says nothing, and whoever uploads one large FMU after the other would fill the disk meanwhile.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
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
# On its way out, under a name that nobody looks for: the next upload of the same bytes may land meanwhile.
_LEAVING = ".leaving-"


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


@contextmanager
def using(sha256: str, archive: str) -> Iterator[None]:
    """Have the FMU here for as long as the block lasts, and note that it was used."""
    folder = engine.store() / sha256
    held = _held(folder)
    if held is None:
        unpack(sha256, archive)
        held = _held(folder)
    if held is None:
        raise SandboxError("There is so little room on our disk that the unpacked FMU did not last.")
    try:
        os.utime(folder)
        yield
    finally:
        os.close(held)


def make_room() -> None:
    """Delete the least recently used folders until the rest fits FMU_CACHE_BYTES and the disk is not short."""
    sizes = {folder: _size(folder) for folder in sorted(_folders(), key=_last_used)}
    total = sum(sizes.values())
    for folder, size in sizes.items():
        if total <= settings.FMU_CACHE_BYTES and not disk.is_short():
            return
        if _delete(folder):
            total -= size


def forget(sha256: str) -> None:
    """Nobody has this FMU any more."""
    for folder in _folders():
        if folder.name == sha256:
            _delete(folder)


def _held(folder: Path) -> int | None:
    """A descriptor that keeps the folder from being deleted; None when it is not there, or is being deleted."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    with suppress(FileNotFoundError):
        if os.path.samestat(os.fstat(descriptor), folder.stat()):
            return descriptor
    os.close(descriptor)
    return None


def _delete(folder: Path) -> bool:
    """Whether it could go: nobody uses it."""
    with suppress(FileNotFoundError, BlockingIOError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            leaving = folder.rename(folder.with_name(f"{_LEAVING}{secrets.token_hex(8)}"))
        finally:
            os.close(descriptor)
        shutil.rmtree(leaving, ignore_errors=True)
        return True
    return False


def _folders() -> Iterator[Path]:
    """Of this engine and of older ones, which go unused and so go first, and what an interrupted deletion left."""
    return (
        path
        for path in Path(settings.FMU_CACHE_DIR).glob("engine-*/*")
        if path.is_dir() and (len(path.name) == 64 or path.name.startswith(_LEAVING))
    )


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
