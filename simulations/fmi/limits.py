"""How much time, memory and output untrusted code may take."""

from __future__ import annotations

from dataclasses import dataclass

# Of the text outputs of one run: different texts, and characters kept of each.
MAX_TEXTS, MAX_TEXT = 1000, 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds of one run. Seconds, bytes, and values (rows times columns of the result)."""

    wall_seconds: float = 60.0
    cpu_seconds: float = 60.0
    memory_bytes: int = 1 << 30
    values: int = 10_000_000
    scratch_bytes: int = 64 << 20
    log_bytes: int = 64 << 10


@dataclass(frozen=True, kw_only=True, slots=True)
class IntakeLimits:
    """Bounds of unpacking and reading one archive."""

    archive_bytes: int = 100 << 20
    unpacked_bytes: int = 512 << 20
    entries: int = 10_000
    description_bytes: int = 64 << 20
    variables: int = 200_000
    wall_seconds: float = 60.0
    cpu_seconds: float = 30.0
    memory_bytes: int = 2 << 30
    scratch_bytes: int = 64 << 20
    log_bytes: int = 64 << 10
