"""FMUs that are not ours: made by PythonFMU (FMI 2) and pythonfmu3 (FMI 3) in the test, run through the API."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from rest_framework.test import APIClient

from simulations.tests import fmus
from simulations.tests.worker import WorkerProcess

pytestmark = pytest.mark.usefixtures("free")

FMI2 = '''
from pythonfmu import DefaultExperiment, Fmi2Causality, Fmi2Slave, Fmi2Variability, Real


class Decay(Fmi2Slave):
    """x' = -k x, by explicit Euler."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.x, self.k = 1.0, 2.0
        self.default_experiment = DefaultExperiment(start_time=0.0, stop_time=1.0, step_size=0.01)
        self.register_variable(Real("x", causality=Fmi2Causality.output))
        self.register_variable(Real("k", causality=Fmi2Causality.parameter, variability=Fmi2Variability.tunable))

    def do_step(self, current_time, step_size):
        self.x -= self.k * self.x * step_size
        return True
'''
FMI3 = '''
from pythonfmu3 import DefaultExperiment, Float64, Fmi3Causality, Fmi3Slave, Fmi3Variability


class Decay(Fmi3Slave):
    """x' = -k x, by explicit Euler."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.time, self.x, self.k = 0.0, 1.0, 2.0
        self.default_experiment = DefaultExperiment(start_time=0.0, stop_time=1.0, step_size=0.01)
        continuous, tunable = Fmi3Variability.continuous, Fmi3Variability.tunable
        self.register_variable(Float64("time", causality=Fmi3Causality.independent, variability=continuous))
        self.register_variable(Float64("x", causality=Fmi3Causality.output))
        self.register_variable(Float64("k", causality=Fmi3Causality.parameter, variability=tunable))

    def do_step(self, current_time, step_size):
        self.x -= self.k * self.x * step_size
        return True
'''


def built(tool: str, source: str, folder: Path) -> bytes:
    """The archive that the tool's own builder makes."""
    script = folder / "decay.py"
    script.write_text(source)
    subprocess.run([sys.executable, "-m", tool, "build", "-f", str(script), "-d", str(folder)], check=True, timeout=120)
    return (folder / "Decay.fmu").read_bytes()


@pytest.mark.parametrize(
    ("tool", "source", "version"), [("pythonfmu", FMI2, "2.0"), ("pythonfmu3", FMI3, "3.0")], ids=["FMI 2", "FMI 3"]
)
def test_an_fmu_of_another_tool_runs_and_is_right(
    api: APIClient, worker: WorkerProcess, tmp_path: Path, tool: str, source: str, version: str
) -> None:
    form = {"fmu": fmus.upload(built(tool, source, tmp_path)), "request": '{"start_values": {"k": 1.0}}'}
    body = api.post("/simulate", form, format="multipart").json()
    assert body.get("status") == "succeeded", body
    assert body["fmu"]["fmi_version"] == version
    # The exporter's own step: Euler from 1 with k = 1 loses a hundredth a step.
    assert body["result"]["data"]["x"][-1] == pytest.approx(0.99**100, rel=1e-12)
