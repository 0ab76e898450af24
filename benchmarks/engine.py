"""The engine without a cage against FMPy: each sample by each interface, 5,000 rows, its continuous inputs a sine.

Prints CPU microseconds a row, the best of three, both sides in the same run, and exits with 1 where FMPy is faster.
"""

from __future__ import annotations

import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import fmpy
import numpy as np

from simulations.fmi import check
from simulations.fmi.experiment import Experiment, InterfaceType
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits, Limits
from simulations.fmi.runner import execute, intake

SAMPLES = Path(__file__).parents[1] / "simulations" / "samples"
ROWS = 5000


def main() -> None:
    print(f"{'':14} {'':15} FMI inputs outputs     FMPy   engine  FMPy / engine")
    ratios = [ratio for path in sorted(SAMPLES.glob("*.fmu")) for ratio in _compared(path)]
    sys.exit(min(ratios) < 1)


def _compared(path: Path) -> Iterator[float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        inspection = intake.read(folder, IntakeLimits())
        for kind in sorted({interface.type for interface in inspection.interfaces}):
            experiment = _experiment(inspection, kind)
            fmpy_time, own = _best(_by_fmpy(folder, experiment)), _best(_by_engine(folder, experiment, inspection))
            inputs, outputs = len(experiment.inputs or {}), len(experiment.outputs or ())
            print(
                f"{path.stem:14} {kind:15} {inspection.fmi_version} {max(0, inputs - 1):6} {outputs:7}"
                f" {fmpy_time / ROWS * 1e6:8.1f} {own / ROWS * 1e6:8.1f} {fmpy_time / own:14.1f}"
            )
            yield fmpy_time / own


def _experiment(inspection: Inspection, kind: InterfaceType) -> Experiment:
    plain = check.resolve(inspection, Experiment(interface_type=kind), Limits())
    start, stop = plain.start_time or 0.0, plain.stop_time or 1.0
    time = np.linspace(start, stop, 101)
    inputs = {
        variable.name: (0.1 * np.sin(time)).tolist()
        for variable in inspection.variables
        if variable.causality == "input" and variable.is_float
    }
    return replace(
        plain, output_interval=(stop - start) / ROWS, inputs={"time": time.tolist(), **inputs} if inputs else None
    )


def _by_engine(folder: Path, experiment: Experiment, inspection: Inspection) -> Callable[[], None]:
    def run() -> None:
        with tempfile.TemporaryDirectory() as scratch:
            execute.execute(
                folder, experiment, inspection, Limits(), scratch=Path(scratch), progress=lambda _share: None
            )

    return run


def _by_fmpy(folder: Path, experiment: Experiment) -> Callable[[], None]:
    inputs: Any = None
    if experiment.inputs:
        inputs = np.zeros(101, dtype=[(name, np.float64) for name in experiment.inputs])
        for name, samples in experiment.inputs.items():
            inputs[name] = samples

    def run() -> None:
        with redirect_stdout(StringIO()):  # it says each time which inputs are missing
            fmpy.simulate_fmu(
                str(folder),
                validate=False,
                fmi_type=experiment.interface_type,
                start_time=experiment.start_time,
                stop_time=experiment.stop_time,
                output_interval=experiment.output_interval,
                relative_tolerance=experiment.relative_tolerance,
                output=list(experiment.outputs or ()),
                input=inputs,
            )

    return run


def _best(run: Callable[[], None]) -> float:
    """CPU seconds."""
    run()
    return min(_timed(run) for _ in range(3))


def _timed(run: Callable[[], None]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


if __name__ == "__main__":
    main()
