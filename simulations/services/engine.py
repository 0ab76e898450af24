"""The one warm cage of this worker process."""

from __future__ import annotations

import logging
from threading import Lock

from django.conf import settings

from simulations.fmi.cage.door import Cage, CageConfig

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
    log.error("code=sandbox_error %s", error)


def _config() -> CageConfig:
    store = settings.FMU_CACHE_DIR
    store.mkdir(parents=True, exist_ok=True)
    return CageConfig(
        store=store,
        libraries=settings.FMU_LIBRARIES_DIR if settings.FMU_LIBRARIES_DIR.is_dir() else None,
        allow_reduced=settings.FMU_CAGE_ALLOW_REDUCED,
        allow_none=settings.DEBUG,
        recycle_after=settings.FMU_CAGE_RECYCLE_AFTER,
    )
