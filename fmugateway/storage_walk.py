"""Once a day through the whole storage, page by page: what it weighs, and which of its files nobody knows any more."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from fmugateway.models import StorageDay
from simulations.services import orphans, stored_files

# One listing of S3; on a disk a few milliseconds.
PAGE = 1000


@dataclass
class StorageWalk:
    """Where this process is in the storage. Another process that walks too does no harm."""

    after: str = ""
    stored_bytes: int = 0

    def walk_storage(self) -> int:
        """Look at the next page; how many files there were: none when today's walk is at its end."""
        if not self.after and StorageDay.objects.filter(day=timezone.localdate()).exists():
            return 0
        page = stored_files.page(after=self.after, limit=PAGE)
        orphans.delete_orphans(page)
        self.stored_bytes += sum(file.size for file in page)
        self.after = page[-1].name if page else ""
        if not page:
            self._note()
        return len(page)

    def _note(self) -> None:
        StorageDay.objects.update_or_create(day=timezone.localdate(), defaults={"stored_bytes": self.stored_bytes})
        self.stored_bytes = 0
