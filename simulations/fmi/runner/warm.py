"""Loads and exercises everything that a run may need, so that nothing is imported once the cage is closed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from simulations.fmi import check
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits, Limits
from simulations.fmi.runner import execute, intake, libraries, validation
from simulations.fmi.runner.binding import BINDINGS, signatures

_STEPS = 10


def warm_up(samples: Path, scratch: Path) -> None:
    """Inspect and run our own samples, one unpacked FMU a folder below `samples`: each interface, each solver.

    Reads no stranger's byte. Versions of FMI that no sample has are warmed as far as can be without an FMU.
    """
    libraries.system()
    for binding in BINDINGS.values():
        signatures(binding)
    for version in (1, 2, 3):
        validation.schema(version)
    for folder in sorted(path for path in samples.iterdir() if path.is_dir()):
        _exercise(folder, intake.read(folder, IntakeLimits()), scratch)


def _exercise(folder: Path, inspection: Inspection, scratch: Path) -> None:
    for interface in inspection.interfaces:
        for solver in ("CVode", "Euler") if interface.type == "ModelExchange" else (None,):
            asked = Experiment(interface_type=interface.type, solver=solver)
            experiment = check.resolve(inspection, asked, Limits())
            start, interval = experiment.start_time or 0.0, experiment.output_interval or 1.0
            short = replace(experiment, stop_time=start + _STEPS * interval)
            execute.execute(folder, short, inspection, Limits(), scratch=scratch, progress=lambda _share: None)
