"""The shared libraries that an FMU's binary needs: which are here, which we lend, which are missing.

The loader matches a needed name against the SONAME of what the process has loaded already, so a library that we open
first by its path serves an FMU that asks for it by name. LD_LIBRARY_PATH would be read at the start of a process only.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simulations.fmi import libraries
from simulations.fmi.runner import elf

_SYSTEM = tuple(
    Path(folder)
    for folder in ("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/usr/lib")
)
_LOADER = "ld-linux-x86-64.so.2"


@dataclass(frozen=True, kw_only=True, slots=True)
class Dependencies:
    """What a binary needs beyond the system: libraries to open first, in order, and names that nobody has."""

    beside: tuple[Path, ...] = ()
    lent: tuple[Path, ...] = ()
    missing: tuple[str, ...] = ()


def dependencies(binary: Path) -> Dependencies:
    """Follow what `binary` needs, and what those need, depth first."""
    beside, lent, missing = dict[str, Path](), dict[str, Path](), dict[str, None]()
    for name, path in _closure(binary, binary.parent, set()):
        if path is None:
            missing[name] = None
        elif path.parent == libraries.folder():
            lent[name] = path
        else:
            beside[name] = path
    return Dependencies(beside=tuple(beside.values()), lent=tuple(lent.values()), missing=tuple(missing))


def preload(needed: Dependencies) -> None:
    """Open what is lent, then what lies beside the binary. Raises OSError with the loader's words."""
    for path in needed.lent:
        ctypes.CDLL(str(path))
    for path in needed.beside:
        ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)


def _closure(binary: Path, beside: Path, seen: set[str]) -> Iterator[tuple[str, Path | None]]:
    """Names and paths that are not the system's, each after what it needs itself."""
    for name in elf.read(binary).needed:
        if name in seen or "/" in name:
            continue
        seen.add(name)
        own, ours = beside / name, libraries.folder() / name
        path = own if own.is_file() else None if name in system() else ours if ours.is_file() else None
        if path is not None:
            yield from _closure(path, beside, seen)
        if path is not None or name not in system():
            yield name, path


@cache
def system() -> Mapping[str, Path]:
    """The libraries that the loader finds by itself, by name."""
    found = {
        path.name: path
        for folder in reversed(_SYSTEM)
        if folder.is_dir()
        for path in folder.iterdir()
        if ".so" in path.name
    }
    return {name: path for name, path in found.items() if path.is_file()} | {_LOADER: Path(_LOADER)}
