"""Writing into the storage, whole or not at all."""

from __future__ import annotations

from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage


def save(name: str, content: File[Any] | IO[Any]) -> str:
    """Keep it under this name, which nobody else has. Of what a full disk cut short nothing stays; raises OSError."""
    try:
        return default_storage.save(name, content)
    except OSError:
        default_storage.delete(name)
        raise
