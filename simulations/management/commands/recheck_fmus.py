"""Look again into every FMU that an older engine looked into."""

from __future__ import annotations

from itertools import batched
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from simulations.services import recheck


class Command(BaseCommand):
    help = "Have the workers look again into what an older engine looked into. Stop it at will: the next call goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=20, help="so many wait in the queue at once (default 20)")
        parser.add_argument("--seconds", type=float, default=600, help="longest wait for one batch (default 600)")

    def handle(self, *args: Any, **options: Any) -> None:
        pks = list(recheck.outdated().values_list("pk", flat=True))
        done = 0
        for batch in batched(pks, max(1, options["batch"])):
            looked_into = recheck.run_batch(batch, seconds=options["seconds"])
            done += looked_into
            self.stdout.write(f"{done} of {len(pks)}")
            if looked_into == 0:
                raise CommandError("No worker has looked into any of this batch. Is one running? See its log.")
        if done < len(pks):
            raise CommandError(f"{len(pks) - done} could not be looked into; the workers' logs say why. Run it again.")
        self.stdout.write(self.style.SUCCESS("Every FMU was looked into by this engine."))
