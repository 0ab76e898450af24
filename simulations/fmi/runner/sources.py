"""The C and C++ sources that an FMU brings, and which of them together make its library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from simulations.fmi.runner import xml

SUFFIXES = {".c", ".cpp", ".cc", ".cxx"}
_HEADERS = {".h", ".hpp", ".hxx", ".inc"}
_INCLUDED = re.compile(r'^\s*#\s*include\s*[<"]([^">]+\.(?:c|cpp|cc|cxx))[">]', re.MULTILINE)
_OTHER_VERSIONS = {1: ("fmi2", "fmi3"), 2: ("fmi1", "fmi3"), 3: ("fmi1", "fmi2")}
_MAX_XML = 4 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceSet:
    """Files that together should make the library. definitions: NAME or NAME=VALUE."""

    name: str
    files: tuple[Path, ...]
    definitions: tuple[str, ...] = ()


def folder_of(fmu: Path) -> Path:
    return fmu / "sources"


def has_any(fmu: Path) -> bool:
    """Whether there is something to compile."""
    return any(path.suffix.lower() in SUFFIXES for path in folder_of(fmu).rglob("*"))


def sets(fmu: Path, fmi: int, identifier: str) -> Iterator[SourceSet]:
    """What the XML lists; the one file that includes the others; every file that no other includes."""
    files = sorted(path for path in folder_of(fmu).rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    listed, definitions = _listed(fmu, fmi, identifier)
    if listed:
        yield SourceSet(name="the files that the description lists", files=listed, definitions=definitions)
    if everything := tuple(path for path in files if path.stem.lower() == "all"):
        yield SourceSet(name="all.c", files=everything, definitions=definitions)
    roots = _roots([path for path in files if not path.name.lower().startswith(_OTHER_VERSIONS[fmi])])
    top = tuple(path for path in roots if path.parent == folder_of(fmu))
    if top:
        yield SourceSet(name="the files in sources/", files=top, definitions=definitions)
    if roots != top:
        yield SourceSet(name="all files below sources/", files=roots, definitions=definitions)


def include_folders(fmu: Path) -> list[Path]:
    """Every folder that holds a header, sources/ first."""
    found = {path.parent for path in folder_of(fmu).rglob("*") if path.suffix.lower() in _HEADERS}
    return [folder_of(fmu), *sorted(found - {folder_of(fmu)})]


def text_of(fmu: Path) -> str:
    """All sources and headers in one text, to see what they define themselves."""
    wanted = (
        path for path in folder_of(fmu).rglob("*") if path.suffix.lower() in SUFFIXES | _HEADERS and path.is_file()
    )
    return "\n".join(path.read_text(errors="replace") for path in wanted)


def _roots(files: list[Path]) -> tuple[Path, ...]:
    included = {inner for path in files for inner in _included(path)}
    return tuple(path for path in files if path.resolve() not in included and path.stem.lower() != "main")


def _included(path: Path) -> Iterator[Path]:
    for name in _INCLUDED.findall(path.read_text(errors="replace")):
        yield (path.parent / name).resolve()


def _listed(fmu: Path, fmi: int, identifier: str) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Files and definitions that FMI 2's SourceFiles or FMI 3's buildDescription.xml name for this library."""
    if fmi == 3:
        root = xml.load_optional(folder_of(fmu) / "buildDescription.xml", max_bytes=_MAX_XML)
        parts = (
            []
            if root is None
            else [
                part
                for part in root.iterfind("BuildConfiguration")
                if part.get("modelIdentifier") in (None, identifier)
            ]
        )
        return _files(fmu, parts, "SourceFileSet/SourceFile"), _definitions(parts)
    root = xml.load_optional(fmu / "modelDescription.xml", max_bytes=1 << 30)
    interfaces = (
        []
        if root is None
        else [
            part
            for part in root
            if part.tag in {"CoSimulation", "ModelExchange"} and part.get("modelIdentifier") == identifier
        ]
    )
    return _files(fmu, interfaces, "SourceFiles/File"), ()


def _files(fmu: Path, parts: list[etree._Element], path: str) -> tuple[Path, ...]:
    """The named files that are there; a name leads no further than sources/."""
    base = folder_of(fmu).resolve()
    named = [base / (item.get("name") or "") for part in parts for item in part.iterfind(path)]
    return tuple(
        dict.fromkeys(file.resolve() for file in named if file.is_file() and file.resolve().is_relative_to(base))
    )


def _definitions(parts: list[etree._Element]) -> tuple[str, ...]:
    items = [
        item for part in parts for item in part.iterfind("SourceFileSet/PreprocessorDefinition") if item.get("name")
    ]
    return tuple(
        f"{item.get('name')}={item.get('value')}" if item.get("value") else str(item.get("name")) for item in items
    )
