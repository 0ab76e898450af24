"""What a shared library says about itself, read from its bytes: for which machine, what it needs, what it offers."""

from __future__ import annotations

import contextlib
import mmap
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from simulations.fmi.runner import elf_image
from simulations.fmi.runner.elf_image import Image

Kind = Literal["elf", "pe", "mach-o", "unknown"]
MACHINES = {3: "x86", 62: "x86_64", 40: "arm", 183: "aarch64", 243: "riscv64", 21: "ppc64"}
_MACH_O = {b"\xfe\xed\xfa\xce", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"}
_SHARED = 3  # e_type of a shared library
_HEADER_BYTES = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedLibrary:
    """One binary. machine and bits are set for ELF only, the rest where it runs on this machine.

    search_path: where the loader looks first. required: library and version of the symbols that it binds to.
    """

    kind: Kind
    machine: str | None = None
    bits: int | None = None
    is_shared: bool = False
    needed: tuple[str, ...] = ()
    soname: str | None = None
    search_path: tuple[Path, ...] = ()
    required: tuple[tuple[str, str], ...] = ()

    @property
    def runs_on_this_machine(self) -> bool:
        return self.kind == "elf" and self.machine == "x86_64" and self.bits == 64 and self.is_shared


def read(path: Path) -> SharedLibrary:
    """The library at `path`; kind is "unknown" for what is none."""
    with path.open("rb") as file:
        known = _head(file.read(_HEADER_BYTES))
    if not known.runs_on_this_machine:
        return known
    with _image(path) as image:
        return known if image is None else _with_names(known, image, path)


def exports(path: Path) -> frozenset[str]:
    """Names of the functions and data that the library offers."""
    return _all(path, Image.exports)


def defined_versions(path: Path) -> frozenset[str]:
    """Versions of the symbols that the library offers; none when it knows no versions."""
    return _all(path, Image.defined_versions)


def _head(head: bytes) -> SharedLibrary:
    if head[:4] != b"\x7fELF" or len(head) < 20:
        return SharedLibrary(kind="pe" if head[:2] == b"MZ" else "mach-o" if head[:4] in _MACH_O else "unknown")
    kind, machine = struct.unpack_from("<HH" if head[5] == 1 else ">HH", head, 16)
    return SharedLibrary(
        kind="elf",
        machine=MACHINES.get(machine, f"machine {machine}"),
        bits={1: 32, 2: 64}.get(head[4]),
        is_shared=kind == _SHARED and head[5] == 1 and len(head) == _HEADER_BYTES,
    )


def _with_names(known: SharedLibrary, image: Image, path: Path) -> SharedLibrary:
    with contextlib.suppress(*elf_image.FAULTS):
        return replace(
            known,
            needed=tuple(image.texts(elf_image.NEEDED)),
            soname=next(image.texts(elf_image.SONAME), None),
            search_path=tuple(_search_path(image, path.parent)),
            required=tuple(image.required_versions()),
        )
    return known


def _search_path(image: Image, origin: Path) -> Iterator[Path]:
    for tag in (elf_image.RUNPATH, elf_image.RPATH):
        for text in image.texts(tag):
            for folder in filter(None, text.split(":")):
                yield Path(folder.replace("${ORIGIN}", "$ORIGIN").replace("$ORIGIN", str(origin)))


def _all(path: Path, names: Callable[[Image], Iterator[str]]) -> frozenset[str]:
    with _image(path) as image, contextlib.suppress(*elf_image.FAULTS):
        return frozenset(names(image)) if image else frozenset()
    return frozenset()


@contextlib.contextmanager
def _image(path: Path) -> Iterator[Image | None]:
    """The file's image, None when its headers are broken."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        image = None
        with contextlib.suppress(*elf_image.FAULTS):
            image = Image(data)
        yield image
