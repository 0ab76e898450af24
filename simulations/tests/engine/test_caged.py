"""The rungs of the ladder inside the real cage, with FMUs of other people's exporters among them."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from simulations.fmi import check
from simulations.fmi.cage.door import Cage, CageConfig
from simulations.fmi.experiment import Experiment, Outcome
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits, Limits
from simulations.tests.engine.workshop import make_cpp_fmu, make_fmu, make_library, make_source_fmu, zipped

_PYTHONFMU = """
    from pythonfmu import Boolean, Fmi2Causality, Fmi2Slave, Integer, Real, String
    from pythonfmu import Fmi2Variability as Variability

    class Tank(Fmi2Slave):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.inflow, self.level, self.steps, self.full, self.label = 0.0, 0.0, 0, False, "tank"
            self.register_variable(Real("inflow", causality=Fmi2Causality.input))
            self.register_variable(Real("level", causality=Fmi2Causality.output))
            self.register_variable(Integer("steps", causality=Fmi2Causality.output))
            self.register_variable(Boolean("full", causality=Fmi2Causality.output))
            self.register_variable(String("label", causality=Fmi2Causality.parameter, variability=Variability.fixed))

        def do_step(self, current_time, step_size):
            self.level += self.inflow * step_size
            self.steps += 1
            self.full = self.level > 0.5
            return True
"""
_PYTHONFMU3 = """
    from pythonfmu3 import Boolean, Float64, Fmi3Causality, Fmi3Slave, Fmi3Variability, Int32

    class Tank(Fmi3Slave):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.time, self.inflow, self.level, self.steps = 0.0, 0.0, 0.0, 0
            continuous, discrete = Fmi3Variability.continuous, Fmi3Variability.discrete
            self.register_variable(Float64("time", causality=Fmi3Causality.independent, variability=continuous))
            self.register_variable(Float64("inflow", causality=Fmi3Causality.input))
            self.register_variable(Float64("level", causality=Fmi3Causality.output))
            self.register_variable(Int32("steps", causality=Fmi3Causality.output, variability=discrete))

        def do_step(self, current_time, step_size):
            self.level += self.inflow * step_size
            self.steps += 1
            return True
"""


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("libraries")
    folder.chmod(0o755)  # the cage is another user
    make_library(folder, "libgfortran.so.3")
    return folder


@pytest.fixture(scope="module")
def cage(tmp_path_factory: pytest.TempPathFactory, libraries: Path) -> Iterator[Cage]:
    config = CageConfig(store=tmp_path_factory.mktemp("store"), libraries=libraries, allow_reduced=True)
    with Cage.start(config) as cage:
        yield cage


def _run(
    cage: Cage, archive: Path, experiment: Experiment | None = None, *, limits: Limits | None = None
) -> tuple[Inspection, Outcome]:
    """Take it in and run it, all caged."""
    limits = limits or Limits()
    sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
    inspection = cage.intake(archive, sha256=sha256, limits=IntakeLimits())
    resolved = check.resolve(inspection, experiment or Experiment(), limits)
    return inspection, cage.run(sha256, [resolved], inspection=inspection, limits=limits)[0]


def _exported(tool: str, source: str, folder: Path) -> Path:
    """What the exporter makes of a Python class."""
    (folder / "tank.py").write_text(dedent(source))
    command = [sys.executable, "-m", tool, "build", "-f", "tank.py", "-d", "."]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "Tank.fmu"


@pytest.mark.parametrize(("tool", "source"), [("pythonfmu", _PYTHONFMU), ("pythonfmu3", _PYTHONFMU3)])
def test_fmu_written_in_python_runs(tool: str, source: str, cage: Cage, tmp_path: Path) -> None:
    archive = _exported(tool, source, tmp_path)
    asked = Experiment(stop_time=2.0, output_interval=0.1, inputs={"time": [0, 2], "inflow": [0.5, 0.5]})
    inspection, outcome = _run(cage, archive, asked)
    assert inspection.verdict.summary == "Runs here: yes, as Co-Simulation, native binary."
    assert outcome.error is None, outcome.log
    assert outcome.result is not None
    assert outcome.result.data["steps"][-1] == 20
    np.testing.assert_allclose(outcome.result.data["level"], 0.5 * outcome.result.data["time"], rtol=1e-12)


def test_lent_library_is_found_inside(cage: Cage, folder: Path, libraries: Path) -> None:
    make_fmu(folder, "-DNEEDS_FORTRAN", f"-L{libraries}", "-l:libgfortran.so.3")
    inspection, outcome = _run(cage, zipped(folder))
    assert inspection.verdict.rung == "legacy_libraries"
    assert outcome.error is None, outcome.error


def test_sources_are_compiled_inside(cage: Cage, folder: Path) -> None:
    inspection, outcome = _run(cage, zipped(make_source_fmu(folder, "ramp1")), Experiment(start_values={"u": 2.0}))
    assert inspection.verdict.rung == "compiled"
    assert outcome.error is None, outcome.error
    assert outcome.result is not None
    assert outcome.result.data["y"][-1] == pytest.approx(2.0)


def test_outcome_holds_the_way_that_ran_where_another_was_left_open(cage: Cage, folder: Path) -> None:
    _, outcome = _run(cage, zipped(make_fmu(folder, "-DNO_CO_SIMULATION")))
    assert outcome.error is None, outcome.error
    assert outcome.effective is not None
    assert (outcome.effective.interface_type, outcome.effective.solver) == ("ModelExchange", "CVode")


@pytest.mark.parametrize("listed", [True, False])
def test_cpp_and_c_sources_are_compiled_together_inside(listed: bool, cage: Cage, folder: Path) -> None:
    make_cpp_fmu(folder)
    if not listed:
        xml = folder / "modelDescription.xml"
        xml.write_text(re.sub("<SourceFiles>.*</SourceFiles>", "", xml.read_text(), flags=re.DOTALL))
    asked = Experiment(start_values={"n": 3}, inputs={"time": [0, 1], "u": [1.0, 2.0]})
    inspection, outcome = _run(cage, zipped(folder), asked)
    assert inspection.verdict.rung == "compiled", inspection.findings
    assert outcome.error is None, outcome.error
    assert outcome.result is not None
    time, y = outcome.result.data["time"], outcome.result.data["y"]
    np.testing.assert_allclose(y, np.where(time >= 0.5, 1 + time - 0.5, 0))


def test_cpp_exception_that_its_model_catches_is_the_model_s_error(cage: Cage, folder: Path) -> None:
    _, outcome = _run(cage, zipped(make_cpp_fmu(folder)), Experiment(start_values={"n": 0}))
    assert outcome.error is not None
    assert outcome.error.code == "fmu_error"
    assert "fmi2ExitInitializationMode answered with an error" in outcome.error.message


def test_relative_resources_are_found_inside(cage: Cage, folder: Path) -> None:
    make_fmu(folder, "-DREADS_RELATIVE_RESOURCE")
    (folder / "resources" / "table.txt").write_text("0.0")
    _, outcome = _run(cage, zipped(folder), Experiment(outputs=("x",)))
    assert outcome.error is None, outcome.error


@pytest.mark.parametrize(
    ("option", "codes", "message"),
    [
        ("-DHANGS", {"timeout"}, "1"),
        ("-DHANGS_IN_CONSTRUCTOR", {"timeout"}, "1"),
        ("-DCRASHES", {"fmu_crashed"}, "segmentation fault"),
        ("-DTURNS_NAN", {"bad_result"}, "'y' is NaN at t=0.51."),
        ("-DFAILS_FATALLY", {"fmu_error"}, "Division by zero in pump.eta"),
        ("-DDISCARDS_ALL", {"fmu_error"}, "rejects every step at t=0"),
        ("-DNO_LICENCE", {"fmu_error"}, "DYMOLA_RUNTIME_LICENSE"),
        ("-DWRITES_RESOURCES", {"fmu_error"}, "Cannot write cache.bin into the resources"),
        ("-DCHECKS_LICENCE_BY_A_PROGRAM", {"fmu_error", "forbidden_system_call"}, ""),
    ],
)
def test_failure_has_its_code_and_its_reason(
    option: str, codes: set[str], message: str, cage: Cage, folder: Path
) -> None:
    asked = Experiment(interface_type="CoSimulation")
    _, outcome = _run(cage, zipped(make_fmu(folder, option)), asked, limits=Limits(wall_seconds=1))
    assert outcome.error is not None
    assert outcome.error.code in codes
    assert message in outcome.error.message


def test_log_of_many_megabytes_is_cut(cage: Cage, folder: Path) -> None:
    _, outcome = _run(cage, zipped(make_fmu(folder, "-DLOGS_A_LOT")))
    assert outcome.error is None, outcome.error
    assert len(outcome.log) <= Limits().log_bytes + 100
