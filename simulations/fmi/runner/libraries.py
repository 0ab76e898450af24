"""The shared libraries that an FMU's binary needs: which are here, which we lend, which are missing.

The loader matches a needed name against the SONAME of what the process has loaded already, so a library that we open
first by its path serves an FMU that asks for it by name. LD_LIBRARY_PATH would be read at the start of a process only.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from simulations.fmi import libraries
from simulations.fmi.runner import elf

_SYSTEM = tuple(
    Path(folder)
    for folder in ("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/usr/lib")
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dependencies:
    """What a binary needs beyond the system.

    beside and lent: libraries to open first, in order. missing: names that nobody has. newer: library and version of
    symbols that the library here is too old for.
    """

    beside: tuple[Path, ...] = ()
    lent: tuple[Path, ...] = ()
    missing: tuple[str, ...] = ()
    newer: tuple[tuple[str, str], ...] = ()


def dependencies(binary: Path) -> Dependencies:
    """Follow what `binary` needs, and what those need, depth first."""
    found = dict(_closure(binary, binary.parent, set()))
    here = {name: path for name, path in found.items() if path is not None}
    return Dependencies(
        beside=tuple(path for path in here.values() if path.parent != libraries.folder()),
        lent=tuple(path for path in here.values() if path.parent == libraries.folder()),
        missing=tuple(name for name, path in found.items() if path is None),
    )


def newer_versions(binary: Path, needed: Dependencies) -> tuple[tuple[str, str], ...]:
    """Versions of symbols that `binary`, or a library beside it, wants and the libraries here do not offer."""
    here = {**system(), **{path.name: path for path in (*needed.lent, *needed.beside)}}
    wanted = dict.fromkeys(pair for path in (binary, *needed.beside) for pair in elf.read(path).required)
    return tuple((name, version) for name, version in wanted if name in here and not _offers(here[name], version))


def preload(needed: Dependencies) -> None:
    """Open what is lent, then what lies beside the binary. Raises OSError with the loader's words."""
    for path in needed.lent:
        ctypes.CDLL(str(path))
    for path in needed.beside:
        ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)


def _closure(binary: Path, beside: Path, seen: set[str]) -> Iterator[tuple[str, Path | None]]:
    """Names and paths that are not the system's, each after what it needs itself; None for what nobody has."""
    library = elf.read(binary)
    for name in library.needed:
        if name in seen or "/" in name:
            continue
        seen.add(name)
        path = _first_file(name, (beside, *library.search_path))
        if path is None and name not in system():
            path = _first_file(name, (libraries.folder(),))
            if path is None:
                yield name, None
        if path is not None:
            yield from _closure(path, beside, seen)
            yield name, path


def _first_file(name: str, folders: Iterable[Path]) -> Path | None:
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def _offers(library: Path, version: str) -> bool:
    """A library that knows no versions at all serves every wish for one."""
    offered = elf.defined_versions(library)
    return not offered or version in offered


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
    return {name: path for name, path in found.items() if path.is_file()}
