"""What cannot run is refused at inspection, with a code, the exact reason and the next step."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from simulations.fmi.errors import IntakeRefused
from simulations.fmi.inspection import Verdict
from simulations.fmi.limits import IntakeLimits
from simulations.fmi.runner import intake
from simulations.tests.engine.workshop import description, inspect, make_fmu, make_library

_MACH_O = b"\xcf\xfa\xed\xfe" + bytes(60)
_EXTERNAL_ENTITY = (
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><fmiModelDescription fmiVersion='2.0' modelName='&e;'/>"
)
_DLL = b"MZ" + bytes(62)


def _lay(folder: Path, files: dict[str, bytes], *, xml: str | None = None) -> Verdict:
    """The verdict on an FMU made of these binaries."""
    (folder / "modelDescription.xml").write_text(xml or description())
    for name, content in files.items():
        path = folder / "binaries" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return inspect(folder).verdict


def _elf(*, bits: int, machine: int) -> bytes:
    """The head of a shared library for another machine."""
    return b"\x7fELF" + bytes([bits // 32, 1, 1]) + bytes(9) + struct.pack("<HH", 3, machine) + bytes(44)


@pytest.mark.parametrize(
    ("tool", "words"),
    [
        ("Dymola Version 2023x", "'Linux 64-bit'"),
        ("OpenModelica Compiler OMCompiler v1.22.0", "x86_64-linux-gnu"),
        ("Simulink (R2023b)", "Include sources in FMU"),
        ("SimulationX 4.4", "SimulationX"),
        ("Simcenter Amesim", "Amesim"),
        ("20-sim", "20-sim"),
        ("GT-SUITE v2023", "GT-SUITE"),
        ("MapleSim (1267140/1267140/1267140)", "MapleSim"),
        ("ANSYS Twin Builder 2023 R1", "Twin Builder"),
        ("Something else", "Linux 64-bit"),
    ],
)
def test_windows_only_is_refused_in_the_words_of_the_tool(tool: str, words: str, folder: Path) -> None:
    verdict = _lay(folder, {"win64/Decay.dll": _DLL}, xml=description(root=f'generationTool="{tool}"'))
    assert (verdict.runs, verdict.code) == (False, "windows_only")
    assert verdict.summary == "Runs here: no, only Windows binaries are inside."
    assert words in (verdict.next_step or "")


@pytest.mark.parametrize(
    ("files", "code", "words"),
    [
        ({"darwin64/Decay.dylib": _MACH_O}, "macos_only", "only macOS binaries"),
        ({"linux32/Decay.so": _elf(bits=32, machine=3)}, "wrong_architecture", "only 32-bit Linux binaries"),
        ({"aarch64-linux/Decay.so": _elf(bits=64, machine=183)}, "wrong_architecture", "only ARM Linux binaries"),
        ({"win64/Decay.dll": _DLL, "darwin64/Decay.dylib": _MACH_O}, "no_linux_binary", "macOS and Windows"),
        ({"linux64/Decay.so": _elf(bits=32, machine=3)}, "wrong_architecture", "built for 32-bit x86"),
        ({"linux64/Decay.so": _elf(bits=64, machine=183)}, "wrong_architecture", "built for 64-bit aarch64"),
        ({"linux64/Decay.so": _MACH_O}, "not_a_shared_library", "is a macOS library"),
        ({"linux64/Decay.so": _DLL}, "not_a_shared_library", "is a Windows library"),
        ({"linux64/Decay.so": b"#!/bin/sh\n"}, "not_a_shared_library", "is no library at all"),
        ({"linux64/Decay.so": b""}, "not_a_shared_library", "is no library at all"),
        ({}, "no_binary", "no binary inside"),
    ],
)
def test_binaries_that_do_not_fit_are_named(files: dict[str, bytes], code: str, words: str, folder: Path) -> None:
    verdict = _lay(folder, files)
    assert (verdict.runs, verdict.code) == (False, code)
    assert words in verdict.summary
    assert verdict.next_step


def test_static_program_is_no_library(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "main.c"
    source.write_text("int main(void) { return 0; }")
    subprocess.run(["gcc", "-static", "-no-pie", str(source), "-o", str(tmp_path / "main")], check=True)
    verdict = _lay(folder, {"linux64/Decay.so": (tmp_path / "main").read_bytes()})
    assert verdict.code == "not_a_shared_library"
    assert "is a program" in verdict.summary


def test_library_without_fmi_functions_is_named(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "other.c"
    source.write_text("int other(void) { return 0; }")
    subprocess.run(["gcc", "-shared", "-fPIC", str(source), "-o", str(tmp_path / "other.so")], check=True)
    verdict = _lay(folder, {"linux64/Decay.so": (tmp_path / "other.so").read_bytes()})
    assert verdict.code == "no_fmi_functions"
    assert "exports no fmi2Instantiate" in verdict.summary


def test_stripped_library_still_runs(folder: Path) -> None:
    make_fmu(folder, "-s")
    assert inspect(folder).verdict.runs


def test_missing_library_is_named_from_the_elf_header(folder: Path, tmp_path: Path) -> None:
    make_library(tmp_path, "libvendor_runtime.so.7")
    make_fmu(folder, "-DNEEDS_FORTRAN", f"-L{tmp_path}", "-l:libvendor_runtime.so.7")
    verdict = inspect(folder).verdict
    assert verdict.code == "missing_library"
    assert "libvendor_runtime.so.7" in verdict.summary
    assert "libvendor_runtime.so.7" in (verdict.next_step or "")


def test_binary_of_a_newer_linux_is_refused_with_the_version(folder: Path) -> None:
    """As if it had been linked on a machine of the future: the version's name is written over in the file."""
    make_fmu(folder, "-DREADS_RELATIVE_RESOURCE")
    binary = folder / "binaries/linux64/Decay.so"
    content = binary.read_bytes()
    binary.write_bytes(content.replace(b"GLIBC_2.2.5\0", b"GLIBC_2.999\0"))
    verdict = inspect(folder).verdict
    assert verdict.code == "newer_library"
    assert "needs GLIBC_2.999 of libc.so.6; here is glibc 2." in verdict.summary


def test_two_candidates_under_other_names_are_not_guessed_between(folder: Path) -> None:
    make_fmu(folder, name="one.so")
    shutil.copy(folder / "binaries/linux64/one.so", folder / "binaries/linux64/two.so")
    verdict = inspect(folder).verdict
    assert verdict.code == "several_binaries"
    assert "one.so, two.so" in verdict.summary


def test_tool_coupled_fmu_names_its_tool(folder: Path) -> None:
    xml = description(attributes='needsExecutionTool="true"', root='generationTool="EnergyPlus 8.9"')
    verdict = inspect(make_fmu(folder, xml=xml)).verdict
    assert verdict.code == "needs_execution_tool"
    assert "EnergyPlus 8.9" in verdict.summary


def test_beta_of_fmi_3_is_refused(folder: Path) -> None:
    verdict = inspect(make_fmu(folder, xml=description(version="3.0-beta.2"))).verdict
    assert verdict.code == "fmi_beta"
    assert "3.0-beta.2" in verdict.summary


def test_unknown_fmi_version_is_refused(folder: Path) -> None:
    assert inspect(make_fmu(folder, xml=description(version="4.0"))).verdict.code == "unsupported_fmi_version"


def test_encrypted_description_is_refused(folder: Path) -> None:
    secret = '<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#"/>'
    assert inspect(make_fmu(folder, xml=description(extra=secret))).verdict.code == "encrypted"


@pytest.mark.parametrize(
    ("kinds", "words"), [([], "neither Co-Simulation"), (["ScheduledExecution"], "Scheduled Execution only")]
)
def test_fmu_without_an_interface_is_refused(kinds: list[str], words: str, folder: Path) -> None:
    verdict = inspect(make_fmu(folder, xml=description(kinds=kinds))).verdict
    assert verdict.code == "no_interface"
    assert words in verdict.summary


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        ("", "bad_model_description"),
        ("<fmiModelDescription fmiVersion='2.0'", "bad_model_description"),
        ("<html/>", "bad_model_description"),
        (_EXTERNAL_ENTITY, "doctype"),
        (description(identifier="../../../etc/evil"), "bad_model_identifier"),
        (description(identifier=""), "bad_model_identifier"),
    ],
)
def test_description_that_cannot_be_understood_is_not_taken_in(xml: str, code: str, folder: Path) -> None:
    (folder / "modelDescription.xml").write_text(xml)
    with pytest.raises(IntakeRefused) as refused:
        inspect(folder)
    assert refused.value.code == code


def test_more_variables_than_the_limit_are_not_taken_in(folder: Path) -> None:
    (folder / "modelDescription.xml").write_text(description())
    with pytest.raises(IntakeRefused, match="8 variables; 7 are the limit"):
        intake.read(folder, IntakeLimits(variables=7))


def test_archive_without_a_description_is_no_fmu(folder: Path) -> None:
    with pytest.raises(IntakeRefused, match=r"no modelDescription.xml"):
        inspect(folder)
