"""FMUs made for the tests: compiled from a small C file, laid out as tools do, with one thing wrong."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from string import Template

import fmpy

from simulations.fmi import check
from simulations.fmi.experiment import Experiment, Result
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import IntakeLimits, Limits
from simulations.fmi.runner import build, execute, intake
from simulations.fmi.runner.binaries import BUILT
from simulations.fmi.runner.recorder import Recorder

SOURCES = Path(__file__).with_name("sources")
SAMPLES = Path(__file__).parents[2] / "samples"
HEADERS = Path(fmpy.__file__).with_name("c-code")
_BOTH = ("-DCOSIMULATION", "-DMODEL_EXCHANGE")


def description(
    *,
    kinds: Sequence[str] = ("ModelExchange", "CoSimulation"),
    identifier: str = "Decay",
    attributes: str = "",
    root: str = 'generationTool="Workshop"',
    version: str = "2.0",
    extra: str = "",
) -> str:
    """modelDescription.xml of decay2.c. attributes go to each interface, root to the root element."""
    interfaces = "".join(f'<{kind} modelIdentifier="{identifier}" {attributes}/>' for kind in kinds)
    template = Template((SOURCES / "decay2.xml").read_text())
    return template.substitute(interfaces=interfaces, root=root, version=version, extra=extra)


@cache
def compiled(*options: str, source: str = "decay2.c") -> bytes:
    """The shared library of a source file. Options go to gcc; without any it has both interfaces and behaves."""
    kinds = () if set(_BOTH) & set(options) else _BOTH
    with tempfile.TemporaryDirectory() as temporary:
        target = Path(temporary) / "library.so"
        command = ["gcc", "-shared", "-fPIC", "-O1", "-w", f"-I{HEADERS}", *kinds, str(SOURCES / source)]
        subprocess.run([*command, "-o", str(target), *options, "-lm"], check=True)
        return target.read_bytes()


def make_fmu(
    folder: Path, *options: str, xml: str | None = None, name: str = "Decay.so", platform: str = "linux64"
) -> Path:
    """An unpacked FMU in `folder`; options go to gcc."""
    binary = folder / "binaries" / platform / name
    binary.parent.mkdir(parents=True)
    binary.write_bytes(compiled(*options))
    (folder / "modelDescription.xml").write_text(xml or description())
    (folder / "resources").mkdir()
    return folder


def make_source_fmu(folder: Path, name: str, *definitions: str) -> Path:
    """An unpacked FMU that brings one C file and no binary; definitions are written into it."""
    (folder / "sources").mkdir()
    source = "".join(f"#define {item}\n" for item in definitions) + (SOURCES / f"{name}.c").read_text()
    (folder / "sources" / f"{name}.c").write_text(source)
    shutil.copy(SOURCES / f"{name}.xml", folder / "modelDescription.xml")
    return folder


def make_cpp_fmu(folder: Path) -> Path:
    """An unpacked FMU of C++ and C sources without a binary: sources/delay2/."""
    shutil.copytree(SOURCES / "delay2", folder / "sources")
    (folder / "sources" / "modelDescription.xml").rename(folder / "modelDescription.xml")
    return folder


def make_library(folder: Path, name: str) -> Path:
    """A shared library of that name, for FMUs that need one."""
    folder.mkdir(exist_ok=True)
    source = folder / "library.c"
    source.write_text("void needed_from_fortran(void) {}")
    command = ["gcc", "-shared", "-fPIC", f"-Wl,-soname,{name}", str(source), "-o", str(folder / name)]
    subprocess.run(command, check=True)
    source.unlink()
    return folder / name


def unpacked_sample(name: str, folder: Path) -> Path:
    with zipfile.ZipFile(SAMPLES / f"{name}.fmu") as archive:
        archive.extractall(folder)
    return folder


def zipped(folder: Path) -> Path:
    return Path(shutil.make_archive(str(folder), "zip", folder)).rename(folder.with_suffix(".fmu"))


def inspect(folder: Path) -> Inspection:
    return intake.read(folder, IntakeLimits())


def built(folder: Path) -> Inspection:
    """The inspection after the FMU's sources were compiled."""
    inspection, out = inspect(folder), folder / BUILT
    out.mkdir()
    return build.judged(inspection, build.build(folder, inspection, out))


def run(
    folder: Path,
    experiment: Experiment | None = None,
    *,
    limits: Limits | None = None,
    inspection: Inspection | None = None,
    progress: Callable[[float], None] = lambda _share: None,
    keep: Callable[[Recorder], None] | None = None,
) -> tuple[Result, tuple[str, ...]]:
    """Inspect, resolve, execute in this process. An experiment that is resolved already goes through unchanged."""
    inspection, limits, asked = inspection or inspect(folder), limits or Limits(), experiment or Experiment()
    resolved = asked if asked.left_open else check.resolve(inspection, asked, limits)
    scratch = folder.with_name(folder.name + "-scratch")
    scratch.mkdir(exist_ok=True)
    done = execute.execute(folder, resolved, inspection, limits, scratch=scratch, progress=progress, keep=keep)
    return done.result, done.notes
