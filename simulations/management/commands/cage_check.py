"""`manage.py cage_check`: starts a cage, lets it attack itself, and prints how strong it is here."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from simulations.fmi.cage.door import Cage, CageConfig, CageLevel, CageUnavailable
from simulations.fmi.cage.layers import Layer


class Command(BaseCommand):
    """Exit code 0 when strangers' FMUs may run here, else 1 with the reason."""

    help = "Print the level of isolation on this machine and each layer of it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        levels = [level.value for level in CageLevel]
        parser.add_argument("--best", choices=levels, default="FULL", help="try no more than this level")

    def handle(self, *args: Any, **options: Any) -> None:
        best = CageLevel(options["best"])
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as store:
            reason = self._reason(Path(store), best)
            with Cage.start(CageConfig(store=Path(store), allow_none=True, best=best)) as cage:
                self._print(cage)
                level = cage.level
        if level is not CageLevel.FULL:
            self._refuse(level, reason)

    def _reason(self, store: Path, best: CageLevel) -> str:
        """Why this machine does not reach FULL, empty if it does."""
        if best is not CageLevel.FULL:
            return "it was not tried"
        try:
            Cage.start(CageConfig(store=store)).close()
        except CageUnavailable as unavailable:
            return str(unavailable)
        return ""

    def _print(self, cage: Cage) -> None:
        self.stdout.write(f"Isolation: {cage.level}")
        for layer in cage.layers():
            self.stdout.write(self._line(layer))
        for attack, got in cage.findings.attacks.items():
            self.stdout.write(f"  attack {attack:<17} {self._style(not got, got or 'stopped')}")

    def _line(self, layer: Layer) -> str:
        mark = self._style(layer.holds, "holds  " if layer.holds else "missing")
        return f"  {layer.name:<11} {mark} {layer.promise} ({layer.found})"

    def _style(self, good: bool, text: str) -> str:
        return self.style.SUCCESS(text) if good else self.style.ERROR(text)

    def _refuse(self, level: CageLevel, reason: str) -> None:
        message = f"FULL isolation is not available: {reason}. See docs/cage.md."
        if settings.DEBUG or settings.FMU_CAGE_ALLOW_REDUCED:
            self.stderr.write(self.style.WARNING(f"{message} Runs go on at {level}, as the settings allow."))
        else:
            raise CommandError(f"{message} Runs are refused; FMU_CAGE_ALLOW_REDUCED=1 accepts {level}.")
