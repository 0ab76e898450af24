"""Files of the storage that no row knows: left by a process that died between writing one and telling the database."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from simulations.models import Fmu, Simulation, Status
from simulations.services.stored_files import StoredFile

log = logging.getLogger(__name__)

# Longer than any request or run takes from its file to its row.
AGE = timedelta(days=1)
# Crashes leave few. So many at once, and more than are known, say that storage and database do not belong together.
MANY = 10
_RESULT = re.compile(r"results/\w{2}/(sim_\w+)-[0-9a-f]{8}\.npy")
_ARCHIVE = re.compile(r"fmus/[0-9a-f]{2}/([0-9a-f]{64})-[0-9a-f]{8}\.fmu")


def delete_orphans(files: Sequence[StoredFile]) -> int:
    """Of these files delete those that are old and that no row knows; how many. Files with other names stay."""
    settled = timezone.now() - AGE
    old = [file.name for file in files if file.modified_at < settled]
    orphans = [*_lost_results(old), *_lost_archives(old)]
    if len(orphans) > max(MANY, len(files) // 2):
        log.error("code=storage_unknown files=%s unknown=%s first=%s", len(files), len(orphans), orphans[0])
        return 0
    for name in orphans:
        default_storage.delete(name)
        log.warning("file=%s code=orphan_deleted", name)
    return len(orphans)


def _lost_results(names: Iterable[str]) -> Iterator[str]:
    """Of no row, or of one that names another file or none.

    A run that goes on may still name it. Later none can: another attempt has another file.
    """
    owners = dict(_matching(_RESULT, names))
    rows = Simulation.objects.filter(public_id__in=set(owners.values())).order_by()
    facts = list(rows.values_list("public_id", "result", "status"))
    known = {result for _, result, _ in facts}
    going = {public_id for public_id, _, status in facts if status == Status.RUNNING}
    return (name for name, owner in owners.items() if name not in known and owner not in going)


def _lost_archives(names: Iterable[str]) -> Iterator[str]:
    """Of bytes that nobody has, or that another upload had stored."""
    owners = dict(_matching(_ARCHIVE, names))
    known = set(Fmu.objects.filter(sha256__in=set(owners.values())).values_list("archive", flat=True))
    return (name for name in owners if name not in known)


def _matching(pattern: re.Pattern[str], names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The name of each file that is of this kind, and whose it is."""
    return ((name, match[1]) for name in names if (match := pattern.fullmatch(name)))
