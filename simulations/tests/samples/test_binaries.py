"""The files in the FMUs: current sources that compile alone, portable libraries, reproducible archives."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from fmpy.model_description import read_build_description

from simulations.samples import FOLDER, SAMPLES, Sample

from .conftest import read_description

BUILD = FOLDER.parent.parent / "scripts" / "build_samples.py"
needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


def output_of(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def unpack(sample: Sample, folder: Path) -> Path:
    """Unpack an FMU; returns the path of its shared library."""
    with ZipFile(sample.path) as archive:
        archive.extractall(folder)
    return next(folder.glob("binaries/*/*.so"))


def other_files(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.startswith("binaries/")}


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rebuilt")
    output_of(sys.executable, BUILD, "--output", folder)
    return folder


@needs_gcc
@every_sample
def test_committed_fmu_holds_the_current_sources(sample: Sample, rebuilt: Path) -> None:
    assert other_files(sample.path) == other_files(rebuilt / sample.path.name)


@needs_gcc
def test_two_builds_give_the_same_bytes(rebuilt: Path, tmp_path: Path) -> None:
    output_of(sys.executable, BUILD, "BatteryCell", "--output", tmp_path)
    assert (tmp_path / "BatteryCell.fmu").read_bytes() == (rebuilt / "BatteryCell.fmu").read_bytes()


@needs_gcc
@every_sample
def test_sources_in_the_fmu_compile_alone(sample: Sample, tmp_path: Path) -> None:
    unpack(sample, tmp_path)
    names = listed_sources(sample, tmp_path)
    assert set(names) == {path.name for path in (tmp_path / "sources").glob("*.c")}
    files = [tmp_path / "sources" / name for name in names]
    output_of("gcc", "-shared", "-fPIC", *files, "-lm", "-Wl,--no-undefined", "-o", tmp_path / "alone.so")


def listed_sources(sample: Sample, folder: Path) -> list[str]:
    """Name the files to compile as the FMU does; FMI 1 has no place for that."""
    description = read_description(sample.name)
    if description.fmiVersion == "1.0":
        return [path.name for path in (folder / "sources").glob("*.c")]
    if description.fmiVersion == "3.0":
        description.buildConfigurations = read_build_description(str(folder))
    return list(description.buildConfigurations[0].sourceFileSets[0].sourceFiles)


@needs_gcc
@every_sample
def test_library_exports_fmi_functions_and_nothing_else(sample: Sample, tmp_path: Path) -> None:
    symbols = output_of("nm", "--dynamic", "--defined-only", unpack(sample, tmp_path)).split("\n")
    names = [line.split()[-1] for line in symbols if line]
    pattern = {"1.0": f"{sample.name}_fmi[A-Z]", "2.0": "fmi2[A-Z]", "3.0": "fmi3[A-Z]"}
    wrong = [name for name in names if not re.match(pattern[read_description(sample.name).fmiVersion], name)]
    assert len(names) >= 20
    assert wrong == []


@needs_gcc
@every_sample
def test_library_runs_with_an_old_glibc(sample: Sample, tmp_path: Path) -> None:
    header = output_of("objdump", "-p", unpack(sample, tmp_path))
    versions = {tuple(map(int, version.split("."))) for version in re.findall(r"GLIBC_([\d.]+)", header)}
    assert max(versions) <= (2, 14)
    assert set(re.findall(r"NEEDED\s+(\S+)", header)) <= {"libc.so.6", "libm.so.6"}


@every_sample
def test_library_is_stripped_and_knows_no_path_of_its_builder(sample: Sample, tmp_path: Path) -> None:
    library = unpack(sample, tmp_path).read_bytes()
    assert len(library) < 60_000
    assert b"/tmp/" not in library
    assert b"/home/" not in library
    assert b".symtab" not in library


@every_sample
def test_fmu_explains_its_equations(sample: Sample) -> None:
    page = other_files(sample.path)["documentation/index.html"].decode()
    assert f"<title>{sample.name}</title>" in page
    assert "<h2>Equations</h2>" in page or "<h2>Charge and voltage</h2>" in page


@every_sample
def test_headers_come_with_their_licence(sample: Sample) -> None:
    files = other_files(sample.path)
    assert any(re.match(r"sources/headers/fmi\d", name) for name in files)
    assert b"2-Clause BSD" in files["sources/headers/LICENSE.txt"]
