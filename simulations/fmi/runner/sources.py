"""The C and C++ sources that an FMU brings."""

from __future__ import annotations

from pathlib import Path

SUFFIXES = {".c", ".cpp", ".cc", ".cxx"}


def folder_of(fmu: Path) -> Path:
    return fmu / "sources"


def has_any(fmu: Path) -> bool:
    """Whether there is something to compile."""
    return any(path.suffix.lower() in SUFFIXES for path in folder_of(fmu).rglob("*"))
