"""Look after everything once, or for ever: lost runs, unpaid ones, old data, the ledger."""

from __future__ import annotations

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from fmugateway.sweeping import steps, sweep


class Command(BaseCommand):
    help = "Recover lost runs, expire what is unpaid, forget what is old, audit the ledger. Two at once do no harm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on until SIGTERM, each step at its pace")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["every"]:
            _go_on(options["every"])
        elif not sweep(steps(), all_now=True):
            raise CommandError("A step failed; the log says which.")


def _go_on(seconds: float) -> None:
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    todo = steps()
    while not stopping.wait(seconds):
        close_old_connections()
        sweep(todo)
        close_old_connections()
