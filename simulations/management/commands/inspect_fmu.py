"""`manage.py inspect_fmu FILE...`: what is inside FMUs and whether they run here, for a folder in one loop."""

from __future__ import annotations

import hashlib
import json
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from simulations.fmi import check, report
from simulations.fmi.cage.door import Cage, CageConfig, CageUnavailable
from simulations.fmi.errors import ExperimentInvalid, IntakeRefused, RunError
from simulations.fmi.experiment import Experiment, Outcome
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits, Limits


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What is known of one file: it was refused, or inspected and perhaps run."""

    path: str
    refusal: str | None = None
    inspection: Inspection | None = None
    outcome: Outcome | None = None

    @property
    def runs(self) -> bool:
        if self.outcome is not None:
            return self.outcome.error is None
        return self.refusal is None and self.inspection is not None and self.inspection.verdict.runs


class Command(BaseCommand):
    """Exit code 1 when any of the files does not run."""

    help = "Print what is inside FMUs and whether they run here; nothing is stored."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--run", action="store_true", help="run each with its default experiment, in the cage")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = []
        with tempfile.TemporaryDirectory(dir=self._data_dir()) as store, self._cage(Path(store)) as cage:
            for name in options["files"]:
                checked.append(_check(cage, name, run=options["run"]))
                self._print(checked[-1], as_json=options["json"])
        failed = [item.path for item in checked if not item.runs]
        if failed:
            raise CommandError(f"{len(failed)} of {len(checked)} do not run here: {', '.join(failed)}")

    def _data_dir(self) -> Path:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        return Path(settings.DATA_DIR)

    def _cage(self, store: Path) -> Cage:
        libraries = settings.FMU_LIBRARIES_DIR if settings.FMU_LIBRARIES_DIR.is_dir() else None
        reduced = settings.DEBUG or settings.FMU_CAGE_ALLOW_REDUCED
        try:
            return Cage.start(CageConfig(store=store, libraries=libraries, allow_reduced=reduced))
        except CageUnavailable as unavailable:
            raise CommandError(f"The cage cannot start: {unavailable}") from None

    def _print(self, checked: Checked, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(_as_json(checked)))
            return
        style = self.style.SUCCESS if checked.runs else self.style.ERROR
        self.stdout.write(style(checked.path))
        for line in _lines(checked):
            self.stdout.write(f"  {line}")


def _check(cage: Cage, name: str, *, run: bool) -> Checked:
    path = Path(name)
    try:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        inspection = cage.intake(path, sha256=sha256, limits=IntakeLimits(archive_bytes=settings.MAX_UPLOAD_BYTES))
    except (OSError, IntakeRefused, RunError) as refused:
        return Checked(path=name, refusal=str(refused))
    try:
        outcome = _run(cage, sha256, inspection) if run and inspection.verdict.runs else None
    except ExperimentInvalid as invalid:
        return Checked(path=name, inspection=inspection, refusal=f"its default experiment does not hold: {invalid}")
    return Checked(path=name, inspection=inspection, outcome=outcome)


def _run(cage: Cage, sha256: str, inspection: Inspection) -> Outcome:
    """With what the model's DefaultExperiment says. Raises ExperimentInvalid where that makes no sense."""
    limits = Limits(**settings.RUN_LIMITS)
    experiment = check.resolve(inspection, Experiment(), limits)
    return cage.run(sha256, [experiment], inspection=inspection, limits=limits)[0]


def _lines(checked: Checked) -> Iterator[str]:
    if checked.refusal is not None:
        yield f"Not accepted: {checked.refusal}"
    if checked.inspection is not None:
        yield from report.inspection_lines(checked.inspection)
    if checked.outcome is not None:
        yield from report.outcome_lines(checked.outcome)


def _as_json(checked: Checked) -> dict[str, Any]:
    return {
        "file": checked.path,
        "runs": checked.runs,
        "refusal": checked.refusal,
        "inspection": checked.inspection.to_json() if checked.inspection else None,
        "run": _outcome_as_json(checked.outcome) if checked.outcome else None,
    }


def _outcome_as_json(outcome: Outcome) -> dict[str, Any]:
    error = {"code": outcome.error.code, "message": outcome.error.message} if outcome.error else None
    rows = len(outcome.result.data) if outcome.result else 0
    return {"error": error, "rows": rows, "notes": list(outcome.notes), "log": outcome.log}
