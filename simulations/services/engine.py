"""The one warm cage of this worker process."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Lock

from django.conf import settings

from simulations.fmi.cage.door import Cage, CageConfig
from simulations.fmi.version import ENGINE

log = logging.getLogger(__name__)

_lock = Lock()
_cage: Cage | None = None


def cage() -> Cage:
    """This process's cage, started when it is first needed. Raises CageUnavailable."""
    global _cage
    with _lock:
        if _cage is None:
            _cage = Cage.start(_config())
            log.info("cage=%s", _cage.level)
        return _cage


def close() -> None:
    """End every process of the cage."""
    global _cage
    with _lock:
        if _cage is not None:
            _cage.close()
            _cage = None


def report_trouble(error: Exception) -> None:
    """A run that could not be set up is ours to look into."""
    log.error("code=sandbox_error %s", f"{error} ({error.__cause__!r})" if error.__cause__ else error)


def store() -> Path:
    """Where this engine keeps extracted FMUs. Another engine unpacks and builds in another way."""
    return Path(settings.FMU_CACHE_DIR, f"engine-{ENGINE}")


def _config() -> CageConfig:
    store().mkdir(parents=True, exist_ok=True)
    return CageConfig(
        store=store(),
        libraries=settings.FMU_LIBRARIES_DIR if settings.FMU_LIBRARIES_DIR.is_dir() else None,
        allow_reduced=settings.FMU_CAGE_ALLOW_REDUCED,
        allow_none=settings.DEBUG,
        recycle_after=settings.FMU_CAGE_RECYCLE_AFTER,
    )
