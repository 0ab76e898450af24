"""Writing into the storage, whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage


class NotStored(Exception):
    """A disk or an object storage did not take it; the cause is what it said."""


def save(name: str, content: File[Any] | IO[Any]) -> str:
    """Keep it under this name, which nobody else has. Raises NotStored, and then no half of it stays."""
    try:
        return default_storage.save(name, content)
    except Exception as error:
        with suppress(Exception):
            default_storage.delete(name)
        raise NotStored(f"{name}: {error}") from error
