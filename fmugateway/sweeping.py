"""What has to be looked after again and again, by the sweep of one machine or of several: each step may run twice.

What asks Stripe has a process of its own (reconcile_stripe), so that lost runs never wait for somebody else's server.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.core.cache import caches
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from billing import audit, takebacks
from billing.operations import WEBHOOK_BATCH, forget_old_webhooks
from fmugateway import short_memory
from fmugateway.database_cache import CountingDatabaseCache
from fmugateway.metrics.rollups import roll_up
from fmugateway.storage_walk import StorageWalk
from simulations.services import recovery, retention

log = logging.getLogger(__name__)

SECOND, MINUTE, HOUR = 1.0, 60.0, 3600.0
DAY = 24 * HOUR
# The database's queue keeps what is done for this long, to look at.
KEEP_TASKS = timedelta(hours=1)
# Longer than any run may take.
ABANDONED = timedelta(days=1)


@dataclass
class Step:
    """One thing to do, at most once in `every` seconds.

    batch: what it does at once at most. After a full one it is due again, when all others have had their turn.
    """

    work: Callable[[], int | None]
    every: float
    due: float = 0.0
    batch: int | None = None

    @property
    def name(self) -> str:
        return self.work.__name__

    def run_if_due(self) -> bool:
        """Whether all is well: False when it failed. What it did is logged where it did something."""
        if time.monotonic() < self.due:
            return True
        self.due = time.monotonic() + self.every
        try:
            done = self.work()
        except Exception:
            log.exception("step=%s code=sweep_failed", self.name)
            return False
        if done:
            log.info("step=%s done=%s", self.name, done)
        if self.batch and done and done >= self.batch:
            self.due = 0.0
        return True


def prune_tasks() -> int:
    """Forget tasks of the database's queue that have ended, and those whose worker died with them."""
    ended = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEEP_TASKS)
    abandoned = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - ABANDONED)
    return sum(rows.delete()[0] for rows in (ended, abandoned))


def prune_cache() -> int:
    """Forget what has ended in the database's cache; Redis does so by itself."""
    kept = caches["default"]
    return kept.prune() if isinstance(kept, CountingDatabaseCache) else 0


def audit_ledger() -> int:
    """Prove the ledger; the findings go into the log and their number into /metrics."""
    with audit.one_moment():
        found = list(audit.findings())
    for finding in found:
        log.error("code=ledger_broken %s", finding)
    short_memory.remember("sweep.ledger_findings", len(found), 2 * DAY)
    return len(found)


def steps() -> list[Step]:
    """All of them, most urgent first."""
    return [
        Step(recovery.recover_lost_runs, every=SECOND),
        Step(recovery.requeue_lost_tasks, every=5 * SECOND),
        Step(recovery.recheck_lost_uploads, every=30 * SECOND),
        Step(takebacks.expire_due, every=MINUTE),
        Step(recovery.expire_unpaid, every=10 * MINUTE, batch=retention.BATCH),
        Step(prune_tasks, every=10 * MINUTE),
        Step(prune_cache, every=5 * MINUTE),
        Step(roll_up, every=HOUR),
        Step(retention.forget_refused, every=HOUR, batch=retention.BATCH),
        Step(retention.forget_old_guest_fmus, every=HOUR, batch=retention.BATCH),
        Step(retention.trim_old_results, every=HOUR, batch=retention.BATCH),
        Step(retention.forget_old_answers, every=HOUR),
        # Once a day; each hour it looks whether that is done.
        Step(StorageWalk().walk_storage, every=HOUR, batch=1),
        Step(forget_old_webhooks, every=HOUR, batch=WEBHOOK_BATCH),
        # Reads the whole ledger: not at every start of a machine.
        Step(audit_ledger, every=DAY, due=time.monotonic() + HOUR),
    ]


def sweep(todo: list[Step], *, all_now: bool = False) -> bool:
    """Do what is due, or everything to its end, whatever fails. Whether all went well."""
    if all_now:
        todo = [replace(step, due=0.0) for step in todo]
    failed = [step for step in todo if not step.run_if_due()]
    while all_now and (unfinished := [step for step in todo if step.due == 0.0]):
        failed += [step for step in unfinished if not step.run_if_due()]
    if not failed:
        short_memory.remember("sweep.success", time.time(), DAY)
    return not failed


def last_success() -> float:
    """When a sweep last went through without an error, in seconds since 1970; 0 when none did for a day."""
    return float(short_memory.recall("sweep.success", 0.0))


def last_findings() -> int:
    """How many things the ledger's last audit found wrong."""
    return int(short_memory.recall("sweep.ledger_findings", 0))
