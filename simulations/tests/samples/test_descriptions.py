"""Each model description is valid, complete and what the catalogue says."""

from fractions import Fraction

import pytest
from fmpy.model_description import ModelVariable
from fmpy.validation import validate_fmu

from simulations.samples import SAMPLES, Sample, find_sample

from . import child
from .conftest import ALL, INTERFACES, InChild, interface_types, read_description


def variables(name: str) -> dict[str, ModelVariable]:
    return {variable.name: variable for variable in read_description(name).modelVariables}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_fmpy_has_nothing_to_complain_about(sample: Sample) -> None:
    assert validate_fmu(str(sample.path)) == []


def test_the_samples_cover_all_versions_and_both_interfaces() -> None:
    assert {read_description(name).fmiVersion for name in ALL} == {"1.0", "2.0", "3.0"}
    assert {interface_type for _, interface_type in INTERFACES} == {"CoSimulation", "ModelExchange"}


def test_the_samples_cover_all_kinds_of_variables() -> None:
    everything = [variable for name in ALL for variable in variables(name).values()]
    assert {"Real", "Integer", "Boolean", "String", "Enumeration", "Float64", "Int32"} <= {v.type for v in everything}
    assert {len(variable.shape) for variable in everything} == {0, 1, 2}


@pytest.mark.parametrize("name", ALL)
def test_every_variable_is_described(name: str) -> None:
    assert [variable.name for variable in variables(name).values() if not variable.description] == []


@pytest.mark.parametrize("name", ALL)
def test_every_number_has_a_unit_or_is_a_pure_number(name: str) -> None:
    pure = {"e", "margin"}
    floats = [variable for variable in variables(name).values() if variable.type in {"Real", "Float64"}]
    assert [variable.name for variable in floats if not variable.unit and variable.name not in pure] == []


@pytest.mark.parametrize("name", [name for name in ALL if read_description(name).fmiVersion != "1.0"])
def test_every_unit_is_defined_in_si_base_units(name: str) -> None:
    assert [unit.name for unit in read_description(name).unitDefinitions if unit.baseUnit is None] == []


@pytest.mark.parametrize("name", ALL)
def test_the_default_experiment_is_complete(name: str) -> None:
    description = read_description(name)
    experiment = description.defaultExperiment
    assert experiment is not None
    assert float(experiment.startTime) == 0
    assert float(experiment.stopTime) > 0
    assert 0 < float(experiment.tolerance) <= 1e-6
    if description.fmiVersion != "1.0":  # FMI 1 has no step size
        assert 100 <= float(experiment.stopTime) / float(experiment.stepSize) <= 1000


@pytest.mark.parametrize("name", ALL)
def test_names_and_tool_are_as_expected(name: str) -> None:
    description = read_description(name)
    assert description.modelName == name
    assert description.generationTool == "FMU Gateway samples"


@pytest.mark.parametrize(("name", "interface_type"), INTERFACES)
def test_start_values_in_the_binary_match_the_description(name: str, interface_type: str, in_child: InChild) -> None:
    sample = find_sample(name)
    assert sample is not None
    binary = in_child(child.values_after_instantiation, sample.path, interface_type)
    described = {variable.name: variable for variable in variables(name).values() if variable.start is not None}
    assert {key: binary[key] for key in described} == {key: parse(variable) for key, variable in described.items()}


def parse(variable: ModelVariable) -> object:
    if variable.type == "String":
        return variable.start
    if variable.type == "Boolean":
        return variable.start == "true"
    values = [float(word) for word in variable.start.split()]
    return values if variable.shape else values[0]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_sliders_move_settable_variables_around_their_start_value(sample: Sample) -> None:
    for slider in sample.sliders:
        variable = variables(sample.name)[slider.variable]
        assert variable.causality in {"parameter", "input"} or variable.initial == "exact"
        assert slider.minimum <= float(variable.start) <= slider.maximum
        assert variable.min is None or float(variable.min) <= slider.minimum
        assert variable.max is None or slider.maximum <= float(variable.max)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_sliders_have_whole_steps(sample: Sample) -> None:
    for slider in sample.sliders:
        span = Fraction(str(slider.maximum)) - Fraction(str(slider.minimum))
        assert (span / Fraction(str(slider.step))).denominator == 1


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_suggested_outputs_exist(sample: Sample) -> None:
    assert set(sample.outputs) <= set(variables(sample.name))


@pytest.mark.parametrize("sample", [sample for sample in SAMPLES if sample.inputs], ids=lambda sample: sample.name)
def test_suggested_inputs_drive_every_input_through_the_default_experiment(sample: Sample) -> None:
    inputs = {name for name, variable in variables(sample.name).items() if variable.causality == "input"}
    assert sample.inputs is not None
    assert set(sample.inputs.signals) == inputs
    assert {len(signal) for signal in sample.inputs.signals.values()} == {len(sample.inputs.time)}
    assert sample.inputs.time == tuple(sorted(sample.inputs.time))
    experiment = read_description(sample.name).defaultExperiment
    assert (sample.inputs.time[0], sample.inputs.time[-1]) == (0, float(experiment.stopTime))


def test_models_with_inputs_have_suggestions() -> None:
    with_inputs = {name for name in ALL if any(v.causality == "input" for v in variables(name).values())}
    assert {sample.name for sample in SAMPLES if sample.inputs} == with_inputs


def test_one_sample_is_for_co_simulation_alone() -> None:
    assert [name for name in ALL if interface_types(name) == ["CoSimulation"]] == ["RoomHeating"]
