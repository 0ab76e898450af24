"""What is forgotten by itself, by the retention settings: oldest first, at most BATCH at a time.

So a long history of it never keeps the sweep from what is urgent; it comes back at once while there is more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from simulations.models import FINAL, Fmu, FmuHolding, IdempotencyKey, Simulation
from simulations.services import result_files

IDEMPOTENCY_HOURS = 24
BATCH = 100


def forget_old_guest_fmus() -> int:
    """Uploads without an account go some days after their last use, unless a run of theirs still goes."""
    going = Simulation.objects.filter(fmu=OuterRef("pk")).exclude(status__in=FINAL)
    old = FmuHolding.objects.filter(
        ~Exists(going), user=None, is_sample=False, last_used_at__lt=_ago(days=settings.GUEST_FMU_DAYS)
    )
    return sum(bool(holding.delete()) for holding in old.order_by("last_used_at")[:BATCH])


def trim_old_results() -> int:
    """Delete the data of old results; the simulations stay, without their downloads."""
    trimmed = 0
    for simulation in _with_old_results():
        row = Simulation.objects.filter(pk=simulation.pk, result=simulation.result)
        if row.update(result="", result_trimmed_at=timezone.now()):
            result_files.delete(simulation.result)
            trimmed += 1
    return trimmed


def forget_refused() -> int:
    """Rows of refused uploads that nobody waits for any more."""
    old = _ago(hours=1)
    holdings = FmuHolding.objects.filter(fmu__status=Fmu.Status.REFUSED, created_at__lt=old)[:BATCH]
    forgotten = sum(bool(holding.delete()) for holding in holdings)
    Fmu.objects.filter(status=Fmu.Status.REFUSED, created_at__lt=old, holdings=None).delete()
    return forgotten


def forget_old_answers() -> None:
    """Idempotency keys are remembered for a day."""
    IdempotencyKey.objects.filter(created_at__lt=_ago(hours=IDEMPOTENCY_HOURS)).delete()


def _with_old_results() -> list[Simulation]:
    """Guests' apart from everybody's: each by an index of its own."""
    kept = Simulation.objects.exclude(result="").order_by("finished_at").light()
    found = list(kept.filter(user=None, finished_at__lt=_ago(days=settings.GUEST_RESULT_DAYS))[:BATCH])
    if settings.RESULT_DAYS and not found:
        found = list(kept.filter(finished_at__lt=_ago(days=settings.RESULT_DAYS))[:BATCH])
    return found


def _ago(**time: int) -> datetime:
    return timezone.now() - timedelta(**time)
