"""Room on this machine's disk. New work is refused before it is used up, so that what goes on can still end."""

from __future__ import annotations

import errno
import shutil
import sqlite3

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import DatabaseError

from simulations.errors import StorageFull
from simulations.services.files import NotStored

RETRY_SECONDS = "60"
_ERRNOS = (errno.ENOSPC, errno.EDQUOT)
_POSTGRESQL_DISK_FULL = "53100"


def keeps_files() -> bool:
    """Whether what is stored lies here, and not in somebody's object storage."""
    return isinstance(storages["default"], FileSystemStorage)


def free_bytes() -> int:
    return shutil.disk_usage(settings.DATA_DIR).free


def is_short(*, more: int = 0) -> bool:
    """Whether MIN_FREE_DISK_BYTES would not be left after `more` bytes."""
    return free_bytes() - more < settings.MIN_FREE_DISK_BYTES


def require_room(*, more: int = 0) -> None:
    """Raise StorageFull when the disk is short."""
    if is_short(more=more):
        raise StorageFull(headers={"Retry-After": RETRY_SECONDS})


def was_full(error: BaseException | None) -> bool:
    """Whether this is what a full disk makes of a write to a file, to SQLite or to PostgreSQL."""
    if isinstance(error, NotStored):
        return was_full(error.__cause__)
    if isinstance(error, OSError):
        return error.errno in _ERRNOS
    return isinstance(error, DatabaseError) and _database_was_full(error.__cause__)


def _database_was_full(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return getattr(cause, "sqlstate", None) == _POSTGRESQL_DISK_FULL
