"""An experiment against an inspection: defaults filled in, every mistake named."""

from __future__ import annotations

from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import Limits


def resolve(inspection: Inspection, experiment: Experiment, limits: Limits) -> Experiment:
    """The experiment with nothing left open: interface type, times, interval, solver, tolerance, outputs.

    Raises ExperimentInvalid that names every bad field of the request at once: unknown variables (with the
    nearest name), wrong types, times in the wrong order, inputs that do not cover the time, more values than
    the limit. Pure: reads no file, loads no FMPy, so that the web process can call it.
    """
    raise NotImplementedError
