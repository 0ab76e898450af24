"""Everything that a job will import, imported and run once on our own samples before the first fork."""

from __future__ import annotations

import importlib
from pathlib import Path

from simulations.fmi.cage.places import SCRATCH
from simulations.fmi.runner import warm

MODULES = (
    "ctypes.util",
    "encodings.cp1252",
    "encodings.cp437",
    "encodings.latin_1",
    "traceback",
    "lxml.etree",
    "numpy",
    "numpy.ctypeslib",
    "fmpy.fmi1",
    "fmpy.fmi2",
    "fmpy.fmi3",
    "fmpy.sundials",
    "zipfile",
)


def load(samples: Path | None) -> None:
    """Fill this process with everything that a job needs, so that a fork has it at once."""
    for name in MODULES:
        importlib.import_module(name)
    warm.warm_up(samples, scratch=SCRATCH)
