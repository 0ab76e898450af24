"""Compile an FMU that brings sources and no binary for this machine. Starts gcc: the cage gives it room for that."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import fmpy

from simulations.fmi.inspection import Finding, Inspection, Interface, Verdict
from simulations.fmi.runner import advice, sources
from simulations.fmi.runner.binaries import BUILT
from simulations.fmi.runner.sources import SourceSet
from simulations.fmi.runner.verdict import accept, refuse

_INCLUDE = Path(__file__).with_name("include")
_FMPY_HEADERS = Path(fmpy.__file__).with_name("c-code")
_FLAGS = ("-shared", "-fPIC", "-O2", "-w", "-fvisibility=default", "-pipe")
_VISIBLE = '__attribute__((visibility("default")))'
_LINK = ("-Wl,--no-undefined", "-lm", "-ldl", "-lpthread")
_STANDARDS = ((), ("-std=gnu89",))  # old exporters rely on implicit declarations
_MAX_LOG = 64 << 10
_ONE_COMPILATION_SECONDS = 120


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildReport:
    """What became of it. built: the model identifiers that have a library now, `<identifier>.so`; log: gcc's words."""

    built: tuple[str, ...]
    log: str = ""


def build(folder: Path, inspection: Inspection, out: Path) -> BuildReport:
    """Compile every library that the FMU unpacked at `folder` lacks, into `out`; nothing is written elsewhere.

    Files are tried in the order of `sources.sets`, each in today's C and in the C of 1989. Never raises for what the
    sources are; gcc must be on the PATH.
    """
    built, log, text = [], "", sources.text_of(folder)
    for identifier in dict.fromkeys(interface.model_identifier for interface in inspection.interfaces):
        library = out / f"{identifier}.so"
        options = [*_include_options(folder, text), *_definition_options(inspection, identifier, text)]
        complaint = _build_one(folder, inspection, identifier, library, options)
        if complaint is None:
            built.append(identifier)
        else:
            log += complaint
    return BuildReport(built=tuple(built), log=log[:_MAX_LOG])


def judged(inspection: Inspection, report: BuildReport) -> Inspection:
    """The inspection after its build, with the libraries at BUILT below the FMU's folder; a refusal when it failed."""
    usable = [interface for interface in inspection.interfaces if interface.model_identifier in report.built]
    if not usable:
        return replace(inspection, verdict=_failed(inspection, report), findings=(*inspection.findings, _log(report)))
    interfaces = tuple(_at_built(interface, report) for interface in inspection.interfaces)
    return replace(inspection, interfaces=interfaces, verdict=accept(usable[0].type, "compiled"))


def _build_one(folder: Path, inspection: Inspection, identifier: str, library: Path, options: list[str]) -> str | None:
    """None when it is built, else what gcc said at each try."""
    said = ""
    for chosen in sources.sets(folder, int(inspection.fmi_version[0]), identifier):
        for command in _commands(chosen, library, options):
            complaint = _compile(command, folder)
            if complaint is None:
                return None
            said += f"With {chosen.name}:\n{complaint}\n"
    return said or "There is no C or C++ file in sources/.\n"


def _compile(command: list[str], folder: Path) -> str | None:
    """None when it went well, else what the compiler said, with paths as the FMU has them."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_ONE_COMPILATION_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"The compiler took longer than {_ONE_COMPILATION_SECONDS} s."
    if done.returncode == 0:
        return None
    return (done.stderr or done.stdout or "The compiler was stopped.").replace(f"{folder}/", "")


def _commands(chosen: SourceSet, library: Path, options: list[str]) -> Iterator[list[str]]:
    """The FMU's own definitions come last, so that they win.

    gcc takes each file for what its suffix says; g++ would take C for C++.
    """
    given = [f"-D{definition}" for definition in chosen.definitions]
    files = [*map(str, chosen.files), "-o", str(library)]
    runtime = ["-lstdc++"] if any(path.suffix != ".c" for path in chosen.files) else []
    for standard in _STANDARDS:
        yield ["gcc", *_FLAGS, *standard, *options, *given, *files, *_LINK, *runtime]


def _include_options(folder: Path, text: str) -> Iterator[str]:
    """Every folder of headers, FMI's own headers, and min and max where the sources take them for granted."""
    for path in (*sources.include_folders(folder), _FMPY_HEADERS, _INCLUDE):
        yield f"-I{path}"
    if re.search(r"\b(max|min)\s*\(", text) and not re.search(r"#\s*define\s+(max|min)\b", text):
        yield from ("-include", str(_INCLUDE / "minmax.h"))


def _definition_options(inspection: Inspection, identifier: str, text: str) -> Iterator[str]:
    """What FMPy's own build defines, and the identifier where the sources forget it."""
    fmi = int(inspection.fmi_version[0])
    yield f"-DFMI_VERSION={fmi}"
    yield f"-DFMI2_Export={_VISIBLE}"
    yield f"-DFMI3_Export={_VISIBLE}"
    kinds = {interface.type for interface in inspection.interfaces if interface.model_identifier == identifier}
    if fmi < 3 and "CoSimulation" in kinds:
        yield "-DFMI_COSIMULATION"
    if fmi == 3:
        yield "-DFMI3_FUNCTION_PREFIX="
    if fmi == 1 and not re.search(r"#\s*define\s+MODEL_IDENTIFIER\b", text):
        yield f"-DMODEL_IDENTIFIER={identifier}"


def _at_built(interface: Interface, report: BuildReport) -> Interface:
    library = f"{BUILT}/{interface.model_identifier}.so" if interface.model_identifier in report.built else None
    return replace(interface, library=library)


def _failed(inspection: Inspection, report: BuildReport) -> Verdict:
    errors = [line for line in report.log.splitlines() if "error" in line or "undefined" in line]
    first = errors[0].strip()[:200] if errors else "the compiler gave no reason"
    reason = f"there is no Linux binary inside, and its sources do not compile here: {first.removesuffix('.')}"
    next_step = f"The build log is among the findings. {advice.linux_export(inspection.generation_tool)}"
    return refuse("build_failed", reason, next_step)


def _log(report: BuildReport) -> Finding:
    return Finding(level="error", code="build_log", message=report.log or "The compiler gave no reason.")
