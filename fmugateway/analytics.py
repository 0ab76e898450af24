"""Product analytics without trackers: how often something happened on a day, counted on the server.

No cookie, no address, no person. A count is kept in memory and written after an answer has gone out, at most every few
seconds and by one statement a name; what fails is logged and lost, and so are the last seconds of a process that ends.
"""

from __future__ import annotations

import logging
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

from django.core.signals import request_finished
from django.db import IntegrityError, transaction
from django.db.models import F
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from fmugateway.models import EventDay

log = logging.getLogger(__name__)

WRITE_EVERY_SECONDS = 5.0
ROBOTS = re.compile(r"bot|crawl|spider|preview|monitor", re.IGNORECASE)


@dataclass(frozen=True)
class Happening:
    """An answer that counts: which view gave it to which method, with which status. No views: any."""

    name: str
    methods: tuple[str, ...]
    statuses: tuple[int, ...]
    views: tuple[str, ...] = ()

    def fits(self, view: str, method: str, status: int) -> bool:
        return method in self.methods and status in self.statuses and (not self.views or view in self.views)


HAPPENINGS = (
    Happening("landing", ("GET",), (200,), ("landing",)),
    Happening("uploaded", ("POST",), (200, 201, 302, 303), ("api-fmus", "models", "guest")),
    Happening("inspected", ("GET",), (200,), ("api-fmu", "model")),
    Happening("payment_asked", ("POST",), (402,)),
    # A guest's browser is led from the form of a run straight to the card.
    Happening("payment_asked", ("POST",), (303,), ("run",)),
    Happening("checkout_opened", ("GET", "POST"), (303,), ("pay", "run", "pay_simulation", "buy_credits")),
)


class Counts:
    """This process's counts that are not written yet."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: Counter[tuple[date, str]] = Counter()
        self._written_at = time.monotonic()

    def add(self, name: str) -> None:
        with self._lock:
            self._waiting[timezone.localdate(), name] += 1

    def take(self, *, at_once: bool) -> Counter[tuple[date, str]]:
        """What there is to write now, if it is time to."""
        with self._lock:
            early = time.monotonic() - self._written_at < WRITE_EVERY_SECONDS
            if not self._waiting or (early and not at_once):
                return Counter()
            taken, self._waiting, self._written_at = self._waiting, Counter(), time.monotonic()
            return taken


counts = Counts()


class CountingMiddleware:
    """Counts answers; adds no query to the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        view = request.resolver_match.url_name or "" if request.resolver_match else ""
        if not ROBOTS.search(request.headers.get("User-Agent", "")):
            for happening in HAPPENINGS:
                if happening.fits(view, request.method or "", response.status_code):
                    counts.add(happening.name)
        return response


def write(*, at_once: bool = False) -> None:
    """Add what was counted to the days' rows. Never raises."""
    try:
        for (day, name), number in counts.take(at_once=at_once).items():
            _add(day, name, number)
    except Exception:
        log.exception("code=analytics_not_written")


@receiver(request_finished)
def _after_the_answer(**kwargs: Any) -> None:
    write()


def _add(day: date, name: str, number: int) -> None:
    row = EventDay.objects.filter(day=day, name=name)
    if row.update(count=F("count") + number):
        return
    try:
        with transaction.atomic():
            EventDay.objects.create(day=day, name=name, count=number)
    except IntegrityError:
        # Another process counted the first one of the day between our look and our insert.
        row.update(count=F("count") + number)
