"""Loads and exercises what a run may need, so that no import and no first call is left for the closed cage."""

from __future__ import annotations

import urllib.parse  # noqa: F401  Path.as_uri, which FMPy calls, imports it on its first call
from dataclasses import replace
from pathlib import Path

from simulations.fmi import check
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits, Limits
from simulations.fmi.runner import execute, intake, libraries, validation
from simulations.fmi.runner.binding import BINDINGS, signatures

_STEPS = 10


def warm_up(samples: Path | None = None, *, scratch: Path = Path()) -> None:
    """Prepare what is the same for all FMUs, then run our own samples: each interface with each solver.

    samples: a folder with one unpacked FMU of our own in each of its folders. Never give it a stranger's.
    """
    libraries.system()
    for binding in BINDINGS.values():
        signatures(binding)
    for version in (1, 2, 3):
        validation.schema(version)
    for folder in sorted(path for path in samples.iterdir() if path.is_dir()) if samples else ():
        _exercise(folder, intake.read(folder, IntakeLimits()), scratch)


def _exercise(folder: Path, inspection: Inspection, scratch: Path) -> None:
    for interface in inspection.interfaces:
        for solver in ("CVode", "Euler") if interface.type == "ModelExchange" else (None,):
            asked = Experiment(interface_type=interface.type, solver=solver)
            experiment = check.resolve(inspection, asked, Limits())
            start, interval = experiment.start_time or 0.0, experiment.output_interval or 1.0
            short = replace(experiment, stop_time=start + _STEPS * interval)
            execute.execute(folder, short, inspection, Limits(), scratch=scratch, progress=lambda _share: None)
