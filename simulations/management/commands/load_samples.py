"""Load the sample FMUs; those that are there already cost nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from simulations.samples import FOLDER
from simulations.services import engine, samples


class Command(BaseCommand):
    help = "Load simulations/samples/*.fmu. Run it again after `make samples`."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for path in sorted(FOLDER.glob("*.fmu")):
                holding = samples.load(path)
                if options["verbosity"]:
                    self.stdout.write(holding.public_id)
        finally:
            engine.close()
