"""Everything that a job will import, imported once before the first fork."""

from __future__ import annotations

import importlib

MODULES = (
    "ctypes.util",
    "encodings.idna",
    "lxml.etree",
    "numpy",
    "numpy.ctypeslib",
    "fmpy",
    "fmpy.fmi1",
    "fmpy.fmi2",
    "fmpy.fmi3",
    "fmpy.model_description",
    "fmpy.simulation",
    "fmpy.sundials",
    "fmpy.validation",
    "zipfile",
    "simulations.fmi.cage.inside.inmate",
    "simulations.fmi.runner.intake",
    "simulations.fmi.runner.execute",
)


def load() -> None:
    for name in MODULES:
        importlib.import_module(name)
