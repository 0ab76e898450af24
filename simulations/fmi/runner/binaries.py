"""The binaries of an unpacked FMU: for which platforms, and which file serves an interface here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from simulations.fmi.experiment import InterfaceType
from simulations.fmi.runner import elf

HERE = "x86_64-linux"
BUILT = ".built"  # where the cage lays what it compiled from an FMU's sources
_OLD_NAMES = {
    "linux64": HERE, "linux32": "x86-linux", "win64": "x86_64-windows", "win32": "x86-windows",
    "darwin64": "x86_64-darwin", "darwin32": "x86-darwin",
}  # fmt: skip
_SUFFIXES = {"windows": ".dll", "darwin": ".dylib", "linux": ".so"}
_INSTANTIATE = {
    (1, "CoSimulation"): "fmiInstantiateSlave",
    (1, "ModelExchange"): "fmiInstantiateModel",
    (2, "CoSimulation"): "fmi2Instantiate",
    (2, "ModelExchange"): "fmi2Instantiate",
    (3, "CoSimulation"): "fmi3InstantiateCoSimulation",
    (3, "ModelExchange"): "fmi3InstantiateModelExchange",
}

Fault = Literal["no_binary", "not_x86_64", "not_a_shared_library", "no_fmi_functions", "several_binaries"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The file that serves an interface; or why none does, and the file at fault."""

    path: Path | None = None
    library: elf.SharedLibrary | None = None
    renamed: bool = False
    fault: Fault | None = None
    detail: str = ""


def platforms(folder: Path) -> tuple[str, ...]:
    """The platforms that the FMU brings binaries for, by FMI 3's names."""
    found = {platform for platform, path in _folders(folder) if any(_binaries(path, platform))}
    return tuple(sorted(found))


def find(folder: Path, identifier: str, fmi: int, kind: InterfaceType) -> Found:
    """The shared library for one interface: by its name, else the only one that exports the functions."""
    candidates = [path for platform, where in _folders(folder) if platform == HERE for path in _binaries(where, HERE)]
    if not candidates:
        return Found(fault="no_binary")
    named = [path for path in candidates if path.stem == identifier]
    judged = [_judge(path, fmi, kind) for path in named or candidates]
    usable = [found for found in judged if found.fault is None]
    if len(usable) > 1 and not named:
        return Found(fault="several_binaries", detail=", ".join(path.name for path in candidates[:5]))
    if usable:
        return Found(path=usable[0].path, library=usable[0].library, renamed=not named)
    return judged[0]


def _judge(path: Path, fmi: int, kind: InterfaceType) -> Found:
    library = elf.read(path)
    if library.kind == "elf" and not (library.machine == "x86_64" and library.bits == 64):
        return Found(
            path=path, fault="not_x86_64", detail=f"{path.name} is built for {library.bits}-bit {library.machine}"
        )
    if not library.runs_on_this_machine:
        what = {"pe": "a Windows library", "mach-o": "a macOS library", "elf": "a program"}.get(
            library.kind, "no library at all"
        )
        return Found(path=path, fault="not_a_shared_library", detail=f"{path.name} is {what}")
    wanted = _INSTANTIATE[fmi, kind]
    if not any(re.fullmatch(rf"(.+_)?{wanted}", name) for name in elf.exports(path)):
        return Found(path=path, fault="no_fmi_functions", detail=f"{path.name} exports no {wanted}")
    return Found(path=path, library=library)


def _folders(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each platform folder with its name in FMI 3's words, this machine's own names first."""
    for parent in sorted(folder.iterdir()):
        if parent.name.lower() == "binaries" and parent.is_dir():
            for path in sorted(parent.iterdir(), reverse=True):
                if path.is_dir():
                    yield _platform(path.name.lower()), path


def _platform(name: str) -> str:
    name = _OLD_NAMES.get(name, name)
    return HERE if name.startswith(f"{HERE}-") else name


def _binaries(folder: Path, platform: str) -> Iterator[Path]:
    suffix = _SUFFIXES.get(platform.partition("-")[2], ".so")
    return (path for path in sorted(folder.iterdir()) if path.is_file() and path.suffix.lower() == suffix)
