"""Alive, and able to run: what a load balancer, a deployment and `manage.py serve` ask."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypedDict

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.tasks import default_task_backend

from simulations.services import disk, pressure, workers

log = logging.getLogger(__name__)

# Anybody may ask, as often as they like: what was found holds this long.
REMEMBER_SECONDS = 1.0


class Report(TypedDict):
    """Whether everything is there, and what each check said; what is well begins with `ok`."""

    ready: bool
    checks: dict[str, str]


class NotReady(Exception):
    """Why runs would not work at the moment; the text is public."""


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """Everything that a run needs is there; 503 with the reasons otherwise."""
    found = report()
    response = JsonResponse(found, status=200 if found["ready"] else 503)
    # Whoever asks reads the answer; Django would log each 503 of a start that takes a few seconds.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return f"ok, {connection.vendor}"


def storage() -> str:
    if disk.keeps_files():
        return _room()
    default_storage.exists("readyz")
    return "ok, object storage"


def task_queue() -> str:
    """The broker answers, and there is room."""
    waiting = pressure.waiting()
    if hasattr(default_task_backend, "waiting"):
        default_task_backend.waiting()
    if waiting >= settings.MAX_QUEUED_RUNS:
        raise NotReady(f"full: {waiting} runs are waiting")
    return f"ok, {waiting} runs are waiting"


def living_workers() -> str:
    """At least one worker is alive that takes runs and whose cage is tight enough."""
    living = list(workers.taking_runs())
    if not living:
        raise NotReady("none is alive: start `manage.py run_worker`")
    levels = sorted({worker.cage_level for worker in living if worker.cage_level})
    if not levels:
        raise NotReady(f"none can isolate a run: {living[0].cage_reason}")
    return f"ok, {len(living)} with cage level {' and '.join(levels)}"


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "storage": storage,
    "queue": task_queue,
    "workers": living_workers,
}
NEED_DATABASE = {"queue", "workers"}

_remembered: tuple[float, Report] | None = None


def report() -> Report:
    """{"ready": bool, "checks": {name: "ok, ..." or what is wrong}}, at most a second old."""
    global _remembered
    if _remembered is None or time.monotonic() - _remembered[0] > REMEMBER_SECONDS:
        _remembered = time.monotonic(), _ask_all()
    return _remembered[1]


def _ask_all() -> Report:
    """Without a database the others would each wait for it in vain, and the answer would come too late for anybody."""
    answers: dict[str, str] = {}
    for name, check in CHECKS.items():
        in_vain = name in NEED_DATABASE and not answers["database"].startswith("ok")
        answers[name] = "unknown without the database" if in_vain else _ask(name, check)
    return {"ready": all(answer.startswith("ok") for answer in answers.values()), "checks": answers}


def _ask(name: str, check: Callable[[], str]) -> str:
    """Only a NotReady speaks for itself; the text of any other error may hold addresses or names of ours."""
    try:
        return check()
    except NotReady as reason:
        return str(reason)
    except Exception:
        log.exception("check=%s code=not_ready", name)
        return "failed, see the log"


def _room() -> str:
    free = disk.free_bytes()
    if disk.is_short():
        raise NotReady(f"full: {free >> 20} MiB are left")
    return f"ok, {free >> 30} GiB are free"
