"""Every rung of the ladder: what plain FMPy refuses runs here, and the verdict or the notes say how."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simulations.fmi import check
from simulations.fmi.attempts import fitted, planned
from simulations.fmi.errors import FMURefused
from simulations.fmi.experiment import Experiment
from simulations.fmi.limits import Limits
from simulations.tests.engine import workshop
from simulations.tests.engine.workshop import (
    built,
    description,
    inspect,
    make_fmu,
    make_library,
    make_source_fmu,
    run,
    unpacked_sample,
)

_CS = ("-DCOSIMULATION",)


def test_native_binary_runs_as_co_simulation(folder: Path) -> None:
    inspection = inspect(make_fmu(folder))
    result, notes = run(folder)
    assert inspection.verdict.summary == "Runs here: yes, as Co-Simulation, native binary."
    assert result.complete
    assert result.data["time"][-1] == 1.0
    assert notes[0] == "Ran as Co-Simulation, communication step 0.01, the FMU's own solver."


def test_missing_optional_functions_are_tolerated_and_told(folder: Path) -> None:
    make_fmu(folder, *_CS, xml=description(kinds=["CoSimulation"]))
    _, notes = run(folder)
    assert any("could do without" in note and "fmi2GetFMUstate" in note for note in notes)


def test_binary_with_another_name_is_found_by_what_it_exports(folder: Path) -> None:
    make_fmu(folder, name="libmodel_v2.so")
    inspection = inspect(folder)
    result, notes = run(folder)
    assert inspection.verdict.rung == "repaired"
    assert "renamed_binary" in {finding.code for finding in inspection.findings}
    assert result.complete
    assert "another name" in notes[0]


def test_folder_of_the_other_fmi_version_serves(folder: Path) -> None:
    make_fmu(folder, platform="x86_64-linux")
    assert inspect(folder).platforms == ("x86_64-linux",)
    assert run(folder)[0].complete


def test_binary_without_any_execute_bit_runs(folder: Path) -> None:
    make_fmu(folder)
    (folder / "binaries/linux64/Decay.so").chmod(0o444)
    assert run(folder)[0].complete


def test_illegal_variability_is_a_finding_and_no_obstacle(folder: Path) -> None:
    xml = description().replace(
        'causality="parameter" variability="tunable"', 'causality="parameter" variability="continuous"'
    )
    inspection = inspect(make_fmu(folder, xml=xml))
    assert "illegal_variability" in {finding.code for finding in inspection.findings}
    assert run(folder, Experiment(start_values={"k": 2.0}))[0].complete


def test_undefined_type_is_a_finding_and_no_obstacle(folder: Path) -> None:
    xml = description().replace('declaredType="Mode"', 'declaredType="Nowhere"')
    inspection = inspect(make_fmu(folder, xml=xml))
    assert "undefined_type" in {finding.code for finding in inspection.findings}
    assert run(folder)[0].complete


def test_text_in_windows_encoding_is_read(folder: Path) -> None:
    make_fmu(folder)
    xml = description(root='author="Jürgen Müller"').encode("cp1252")
    (folder / "modelDescription.xml").write_bytes(xml)
    inspection = inspect(folder)
    assert inspection.author == "Jürgen Müller"
    assert "wrong_encoding" in {finding.code for finding in inspection.findings}


def test_library_of_an_older_compiler_is_lent(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lent = tmp_path / "libraries"
    make_library(lent, "libgfortran.so.3")
    monkeypatch.setenv("FMU_LIBRARIES", str(lent))
    make_fmu(folder, "-DNEEDS_FORTRAN", f"-L{lent}", "-l:libgfortran.so.3")
    inspection = inspect(folder)
    assert inspection.verdict.rung == "legacy_libraries"
    assert "lent" in inspection.verdict.summary
    assert run(folder)[0].complete


def test_library_beside_the_binary_is_found_without_rpath(folder: Path, tmp_path: Path) -> None:
    aside = tmp_path / "aside"
    make_library(aside, "libvendor_core.so")
    make_fmu(folder, "-DNEEDS_FORTRAN", f"-L{aside}", "-l:libvendor_core.so")
    shutil.copy(aside / "libvendor_core.so", folder / "binaries/linux64")
    assert inspect(folder).verdict.rung == "native"
    assert run(folder)[0].complete


def test_library_on_the_binary_s_search_path_is_found(folder: Path, tmp_path: Path) -> None:
    aside = tmp_path / "aside"
    make_library(aside, "libvendor_core.so")
    make_fmu(folder, "-DNEEDS_FORTRAN", f"-L{aside}", "-l:libvendor_core.so", "-Wl,-rpath,$ORIGIN/../../resources")
    shutil.copy(aside / "libvendor_core.so", folder / "resources")
    assert inspect(folder).verdict.rung == "native"
    assert run(folder)[0].complete


def test_other_interface_type_is_tried_when_nobody_insists(folder: Path) -> None:
    make_fmu(folder, "-DNO_CO_SIMULATION")
    result, notes = run(folder)
    assert result.complete
    assert notes[0].startswith("Ran as Model Exchange with CVode")
    assert any("Co-Simulation failed: The FMU refused to be instantiated" in note for note in notes)


@pytest.mark.parametrize(
    ("option", "named", "asked"),
    [
        ("-DNO_MODEL_EXCHANGE", "solver", Experiment(solver="CVode", relative_tolerance=1e-8)),
        ("-DNO_CO_SIMULATION", "interface_type", Experiment(interface_type="CoSimulation")),
        ("-DNO_CO_SIMULATION", "step_size", Experiment(step_size=0.01)),
    ],
)
def test_what_the_request_named_is_not_replaced(option: str, named: str, asked: Experiment, folder: Path) -> None:
    with pytest.raises(FMURefused) as refusal:
        run(make_fmu(folder, option), asked)
    assert refusal.value.message.startswith("The FMU refused to be instantiated")
    assert refusal.value.message.endswith(f". Leave `{named}` out and the gateway tries others.")


def test_way_that_is_left_open_has_its_own_step_and_tolerance(folder: Path) -> None:
    inspection = inspect(make_fmu(folder))
    asked = check.resolve(inspection, Experiment(), Limits())
    ways = [fitted(inspection, asked, attempt) for attempt in planned(inspection, asked)]
    assert [(way.interface_type, way.solver, way.step_size, way.relative_tolerance) for way in ways] == [
        ("CoSimulation", None, 0.01, None),
        ("ModelExchange", "CVode", None, 1e-5),
    ]
    assert {way.left_open for way in ways} == {asked.left_open}


@pytest.mark.parametrize(
    ("asked", "solvers"),
    [
        (Experiment(), ["CVode", "CVode", "Euler"]),
        (Experiment(solver="CVode"), ["CVode", "CVode"]),
        (Experiment(relative_tolerance=1e-8), ["CVode", "CVode"]),
    ],
)
def test_euler_takes_over_only_where_nobody_asked_for_cvode_s_accuracy(
    asked: Experiment, solvers: list[str], folder: Path
) -> None:
    inspection = inspect(make_fmu(folder))
    resolved = check.resolve(inspection, replace(asked, interface_type="ModelExchange"), Limits())
    assert [attempt.solver for attempt in planned(inspection, resolved)] == solvers


def test_what_an_attempt_said_is_not_repeated_by_the_next(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    make_fmu(folder, "-DNEVER_INSTANTIATES")
    with pytest.raises(FMURefused):
        run(folder)
    assert capfd.readouterr().err.count("The tables are missing") == 1


def test_stop_time_that_cvode_oversteps_is_not_told_again(folder: Path) -> None:
    make_fmu(folder, "-DMINDS_STOP_TIME")
    result, notes = run(folder, Experiment(interface_type="ModelExchange"))
    assert result.complete
    assert "without telling the stop time" in notes[0]


@pytest.mark.parametrize("option", ["-DZERO_NOMINALS", "-DNO_NOMINALS"])
def test_useless_nominal_values_are_replaced(option: str, folder: Path) -> None:
    make_fmu(folder, option)
    result, notes = run(
        folder, Experiment(interface_type="ModelExchange", solver="CVode", outputs=("x",), relative_tolerance=1e-9)
    )
    assert any("nominal" in note for note in notes)
    np.testing.assert_allclose(result.data["x"], np.exp(-result.data["time"]), rtol=1e-6)


def test_discarded_steps_are_taken_in_smaller_ones(folder: Path) -> None:
    make_fmu(folder, "-DDISCARDS_LARGE_STEPS")
    result, notes = run(folder)
    assert len(result.data) == 101
    assert any("discarded a step" in note for note in notes)


def test_resources_are_found_by_their_relative_path(folder: Path) -> None:
    make_fmu(folder, "-DREADS_RELATIVE_RESOURCE")
    (folder / "resources" / "table.txt").write_text("0.0")
    result, _ = run(folder, Experiment(outputs=("x",)))
    assert result.data["x"][-1] == 1.0


@pytest.mark.parametrize("name", ["BouncingBall", "RoomHeating", "VanDerPol"])
def test_sources_are_compiled_where_no_binary_is(name: str, folder: Path) -> None:
    unpacked_sample(name, folder)
    expected, _ = run(folder)
    shutil.rmtree(folder / "binaries")
    inspection = inspect(folder)
    assert inspection.verdict.rung == "compiled"
    inspection = built(folder)
    result, notes = run(folder, inspection=inspection)
    assert "compiled here from its sources" in notes[0]
    np.testing.assert_allclose(result.data["time"], expected.data["time"])
    for column in result.columns:
        np.testing.assert_allclose(result.data[column.name], expected.data[column.name], rtol=1e-9, atol=1e-9)


def test_sources_that_no_xml_lists_are_gathered(folder: Path) -> None:
    make_fmu(folder)
    shutil.rmtree(folder / "binaries")
    sources = folder / "sources"
    sources.mkdir()
    (sources / "part.c").write_text('#define COSIMULATION\n#define MODEL_EXCHANGE\n#include "inner/decay.c"\n')
    (sources / "inner").mkdir()
    shutil.copy(workshop.SOURCES / "decay2.c", sources / "inner" / "decay.c")
    (sources / "main.c").write_text("int main(void) { return 0; }")
    inspection = built(folder)
    assert run(folder, inspection=inspection)[0].complete


def test_sources_with_the_names_of_fmi_1_compile_without_its_headers(folder: Path) -> None:
    inspection = built(make_source_fmu(folder, "ramp1"))
    result, _ = run(folder, Experiment(start_values={"u": 3.0}), inspection=inspection)
    assert result.data["y"][-1] == pytest.approx(3.0)


def test_sources_that_do_not_compile_are_refused_with_the_build_log(folder: Path) -> None:
    make_fmu(folder)
    shutil.rmtree(folder / "binaries")
    (folder / "sources").mkdir()
    (folder / "sources" / "model.c").write_text('#include "vendor_only.h"\n')
    inspection = built(folder)
    assert inspection.verdict.code == "build_failed"
    assert "vendor_only.h" in inspection.verdict.summary
    assert any(finding.code == "build_log" and "vendor_only.h" in finding.message for finding in inspection.findings)
