"""What an inspection tells of a model, and its way through JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import DefaultExperiment, Inspection, Variable
from simulations.tests.engine.workshop import SAMPLES, description, inspect, make_fmu, run, unpacked_sample


@pytest.fixture(scope="module")
def decay(tmp_path_factory: pytest.TempPathFactory) -> Inspection:
    return inspect(make_fmu(tmp_path_factory.mktemp("decay")))


def _variable(inspection: Inspection, name: str) -> Variable:
    return next(variable for variable in inspection.variables if variable.name == name)


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.fmu")))
def test_inspection_comes_back_from_json_unchanged(name: str, folder: Path) -> None:
    inspection = inspect(unpacked_sample(name, folder))
    again = Inspection.from_json(json.loads(json.dumps(inspection.to_json(), allow_nan=False)))
    assert again == inspection


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.fmu")))
def test_samples_have_no_finding_worse_than_info(name: str, folder: Path) -> None:
    inspection = inspect(unpacked_sample(name, folder))
    assert [finding.message for finding in inspection.findings if finding.level != "info"] == []


def test_model_is_described(decay: Inspection) -> None:
    assert (decay.fmi_version, decay.model_name, decay.generation_tool) == ("2.0", "Decay", "Workshop")
    assert [interface.type for interface in decay.interfaces] == ["CoSimulation", "ModelExchange"]
    assert decay.platforms == ("x86_64-linux",)
    assert decay.default_experiment == DefaultExperiment(start_time=0.0, stop_time=1.0, step_size=0.01)
    assert decay.continuous_states == ("x",)
    assert decay.units == ("m",)
    assert not decay.has_sources


def test_variables_are_described(decay: Inspection) -> None:
    x, u, mode = _variable(decay, "x"), _variable(decay, "u"), _variable(decay, "mode")
    assert (x.type, x.causality, x.variability, x.initial, x.start) == ("Float64", "local", "continuous", "exact", 1.0)
    assert (x.unit, x.display_unit) == ("m", "mm")
    assert (u.causality, u.initial, u.description) == ("input", "exact", "what flows in")
    assert (mode.type, mode.enumeration, mode.start) == ("Enumeration", {"slow": 1, "fast": 2}, 1)
    assert (_variable(decay, "k").min, _variable(decay, "k").max) == (0.0, 10.0)
    assert _variable(decay, "on").start is False


def test_what_cannot_be_read_counts_as_absent(folder: Path) -> None:
    xml = description().replace('min="0" max="10"', 'min="low" max="INF"').replace('stopTime="1"', 'stopTime="soon"')
    inspection = inspect(make_fmu(folder, xml=xml))
    assert (_variable(inspection, "k").min, _variable(inspection, "k").max) == (None, None)
    assert inspection.default_experiment.stop_time is None
    assert "xml_schema" in {finding.code for finding in inspection.findings}


def test_faults_of_one_kind_are_summed_up(folder: Path) -> None:
    bad = "".join(
        f'<ScalarVariable name="bad{index}" valueReference="{index + 100}"><Real unit="furlong"/></ScalarVariable>'
        for index in range(50)
    )
    inspection = inspect(make_fmu(folder, xml=description().replace("</ModelVariables>", f"{bad}</ModelVariables>")))
    rules = [finding for finding in inspection.findings if finding.code == "xml_rule"]
    assert len(rules) == 11
    assert "more of this kind" in rules[-1].message


def test_run_needs_to_know_its_variables_and_the_inputs_only(decay: Inspection) -> None:
    narrow = decay.narrowed({"x"})
    assert [variable.name for variable in narrow.variables] == ["x", "u"]
    assert narrow.verdict == decay.verdict


def test_value_outside_the_declared_range_is_a_note(folder: Path) -> None:
    _, notes = run(make_fmu(folder), Experiment(start_values={"k": 11}))
    assert "'k' = 11 lies outside the range 0 to 10 that the model declares." in notes
