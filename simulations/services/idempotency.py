"""The same Idempotency-Key and body: the first answer again, never a second run."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from simulations.errors import KeyInFlight, KeyMismatch
from simulations.models import IdempotencyKey, Simulation
from simulations.visitor import Visitor

# Longer than a live process needs until there is a simulation, beyond a wait for its upload. One that is slower still
# makes no second simulation (attach).
LOCK_SECONDS = 15
# Once there is a simulation, longer than an answer takes beyond the wait that was asked for.
ANSWER_SECONDS = 5


def fingerprint(content: Any) -> str:
    """What was asked, as one hash. Key order and spacing of JSON do not matter."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def begin(visitor: Visitor, key: str, *, asked: str, wait: float) -> IdempotencyKey:
    """This request's entry, locked for it while it may wait for its upload (`wait`, seconds).

    If it has an answer, give that again. If it has a simulation, go on with that one: the process that created it
    died before it answered, or nobody had paid yet. Raises KeyMismatch, KeyInFlight.
    """
    now = timezone.now()
    fresh = {"fingerprint": asked, "locked_until": now + timedelta(seconds=wait + LOCK_SECONDS)}
    entry, created = IdempotencyKey.objects.get_or_create(scope=_scope(visitor), key=key, defaults=fresh)
    if created or entry.answer_status:
        return _same(entry, asked)
    free = Q(locked_until=None) | Q(locked_until__lt=now)
    mine = IdempotencyKey.objects.filter(free, pk=_same(entry, asked).pk, answer_status=None)
    if not mine.update(locked_until=fresh["locked_until"]):
        raise KeyInFlight(headers={"Retry-After": "1"})
    return entry


def attach(entry: IdempotencyKey, simulation: Simulation, *, wait: float) -> None:
    """In the transaction that creates the simulation. Should this process die, the key is free soon after `wait`.

    Raises KeyInFlight, which undoes the simulation, when another request with this key was faster.
    """
    until = timezone.now() + timedelta(seconds=wait + ANSWER_SECONDS)
    mine = IdempotencyKey.objects.filter(Q(simulation=None) | Q(simulation=simulation), pk=entry.pk)
    if not mine.update(simulation=simulation, locked_until=until):
        raise KeyInFlight(headers={"Retry-After": "1"})


def keep(entry: IdempotencyKey, *, status: int, headers: dict[str, str], body: bytes) -> None:
    """This is the answer from now on."""
    IdempotencyKey.objects.filter(pk=entry.pk).update(
        answer_status=status, answer_headers=headers, answer_body=body.decode(), locked_until=None
    )


def let_go(entry: IdempotencyKey) -> None:
    """An answer that is not kept: a mistake, a 402. The key is free again; a simulation that is kept stays with it."""
    with transaction.atomic():
        IdempotencyKey.objects.filter(pk=entry.pk, simulation=None).delete()
        IdempotencyKey.objects.filter(pk=entry.pk).update(locked_until=None)


def _same(entry: IdempotencyKey, asked: str) -> IdempotencyKey:
    if entry.fingerprint != asked:
        raise KeyMismatch
    return entry


def _scope(visitor: Visitor) -> str:
    if visitor.user:
        return f"user:{visitor.user.pk}"
    if visitor.payment:
        return f"payment:{visitor.payment.public_id}"
    return f"address:{visitor.address}"
