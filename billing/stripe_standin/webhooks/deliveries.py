"""Deliver events in the background, again and again until the site takes them."""

import logging
import queue
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from billing.stripe_standin.state.store import Obj, Store
from billing.stripe_standin.webhooks.post import Outcome, post

logger = logging.getLogger(__name__)
_PAUSE_LIMIT = 60.0
_RESET_SECONDS = 10.0
_SHUFFLE_SECONDS = 0.5
_DUE = """
SELECT id AS id_, endpoint AS endpoint_id, event AS event_id, attempt
FROM delivery WHERE state = 'pending' AND due <= ? ORDER BY due, id"""


@dataclass
class Mood:
    """How deliveries behave; tests change it."""

    paused: bool = False
    duplicate: bool = False
    """Every event goes out twice at the same time."""
    shuffle: bool = False
    """First deliveries leave in random order."""
    retry_seconds: Sequence[float] = (1, 2, 4, 8, 15, 30, 60, 120)


class Deliveries:
    """One thread hands what is due to the others; the queue is a table, so a restart loses nothing."""

    def __init__(self, store: Store, workers: int = 8) -> None:
        self.mood = Mood()
        self._store = store
        self._changed = threading.Condition()
        self._at_work: set[int] = set()
        self._ready: queue.SimpleQueue[Obj] = queue.SimpleQueue()
        for job in (self._dispatch, *[self._work] * workers):
            threading.Thread(target=job, name="webhooks", daemon=True).start()

    def wake(self) -> None:
        """Something was put in the queue, or the mood changed."""
        with self._changed:
            self._changed.notify_all()

    def wait_until_quiet(self, seconds: float) -> bool:
        """True once every delivery has been taken or given up; False when time ran out first."""
        with self._changed:
            return self._changed.wait_for(self._is_quiet, seconds)

    def reset(self) -> None:
        """Forget what waits, see what is under way to its end, and be in the usual mood."""
        self.mood = Mood()
        self.drop()
        self.wait_until_quiet(_RESET_SECONDS)

    def drop(self) -> None:
        """Forget what waits: events that never arrive."""
        self._store.execute("UPDATE delivery SET state = 'dropped' WHERE state = 'pending'")
        self.wake()

    def _is_quiet(self) -> bool:
        waiting = self._store.execute("SELECT 1 FROM delivery WHERE state = 'pending' LIMIT 1")
        return not waiting and not self._at_work

    def _dispatch(self) -> None:
        while True:
            with self._changed:
                due = [] if self.mood.paused else self._due()
                if not due:
                    self._changed.wait(self._seconds_to_next())
            for row in due:
                self._ready.put(row)

    def _work(self) -> None:
        while True:
            row = self._ready.get()
            try:
                self._deliver(**row)
            except Exception:
                logger.exception("webhook delivery=%s event=%s failed", row["id_"], row["event_id"])
                self._drop(row["id_"])
            finally:
                with self._changed:
                    self._at_work.discard(row["id_"])
                    self._changed.notify_all()

    def _due(self) -> list[Obj]:
        """What to hand out now, marked as at work."""
        rows = self._store.execute(_DUE, time.time())
        due = [dict(row) for row in rows if row["id_"] not in self._at_work]
        self._at_work |= {row["id_"] for row in due}
        return due

    def _seconds_to_next(self) -> float:
        if self.mood.paused:
            return _PAUSE_LIMIT
        rows = self._store.execute("SELECT id, due FROM delivery WHERE state = 'pending' ORDER BY due")
        due = [row["due"] for row in rows if row["id"] not in self._at_work]
        return max(0.0, min(_PAUSE_LIMIT, due[0] - time.time())) if due else _PAUSE_LIMIT

    def _deliver(self, id_: int, endpoint_id: str, event_id: str, attempt: int) -> None:
        with self._store.transaction():
            endpoint, event = self._store.get(endpoint_id), self._store.get(event_id)
        if endpoint and event and endpoint["status"] == "enabled":
            self._conclude(id_, event, attempt, post(endpoint, event))
        else:
            self._drop(id_)

    def _drop(self, id_: int) -> None:
        self._store.execute("UPDATE delivery SET state = 'dropped' WHERE id = ?", id_)

    def _conclude(self, id_: int, event: Obj, attempt: int, outcome: Outcome) -> None:
        logger.info(
            "webhook event=%s type=%s status=%s attempt=%s", event["id"], event["type"], outcome.status, attempt
        )
        state = "taken" if outcome.accepted else "refused"
        with self._store.transaction():
            self._store.execute(
                "UPDATE delivery SET state = ?, status = ?, milliseconds = ?, answer = ? WHERE id = ?",
                state,
                outcome.status,
                outcome.milliseconds,
                outcome.answer,
                id_,
            )
            if outcome.accepted:
                self._count_down(event["id"])
            elif attempt < len(self.mood.retry_seconds):
                self._again(id_, attempt)

    def _count_down(self, event_id: str) -> None:
        event = self._store.get(event_id)
        if event:
            event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)

    def _again(self, id_: int, attempt: int) -> None:
        self._store.execute(
            "INSERT INTO delivery (endpoint, event, attempt, due, state)"
            " SELECT endpoint, event, ?, ?, 'pending' FROM delivery WHERE id = ?",
            attempt + 1,
            time.time() + self.mood.retry_seconds[attempt],
            id_,
        )


def first_deliveries(mood: Mood) -> list[float]:
    """Seconds after which a fresh event leaves, once per delivery."""
    delay = random.uniform(0, _SHUFFLE_SECONDS) if mood.shuffle else 0.0  # noqa: S311 order, not secrecy
    return [delay, delay] if mood.duplicate else [delay]
