"""What lies in the storage, a page at a time: as many files as one wants to look at, by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from django.core.files.storage import default_storage

from simulations.services import disk


@dataclass(frozen=True)
class StoredFile:
    """size: bytes."""

    name: str
    size: int
    modified_at: datetime


def page(*, after: str, limit: int) -> list[StoredFile]:
    """The first `limit` files whose names sort after `after`. Empty: there are no more."""
    files = _on_disk(after) if disk.keeps_files() else _in_bucket(after, limit)
    return list(islice(files, limit))


def _in_bucket(after: str, limit: int) -> Iterator[StoredFile]:
    """One request for each thousand. `bucket` is of django-storages' S3Storage."""
    keys = default_storage.bucket.objects.filter(Marker=after).limit(limit)  # type: ignore[attr-defined]
    return (StoredFile(key.key, key.size, key.last_modified) for key in keys)


def _on_disk(after: str) -> Iterator[StoredFile]:
    root = Path(default_storage.path(""))
    for path in _walk(root, root, after):
        with suppress(FileNotFoundError):  # deleted since its folder was read
            facts = path.stat()
            name = path.relative_to(root).as_posix()
            yield StoredFile(name, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _walk(root: Path, folder: Path, after: str) -> Iterator[Path]:
    """Files in the order of their names, which is a bucket's too; no folder is read that lies before `after`."""
    for name, path in sorted(_named(root, folder)):
        if not name.endswith("/"):
            if name > after:
                yield path
        elif name > after or after.startswith(name):
            yield from _walk(root, path, after)


def _named(root: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """What is in a folder, by its name in the storage; a folder's ends with a slash."""
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            name = path.relative_to(root).as_posix()
            yield (f"{name}/" if path.is_dir() else name), path
