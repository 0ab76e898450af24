"""The inspection of an FMU, read from its row once per process: the content never changes."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from simulations.fmi.inspection import Inspection
from simulations.models import Fmu

# Half a million variables are about 250 MB.
_MAX_VARIABLES = 500_000
_cache: OrderedDict[str, Inspection] = OrderedDict()
_lock = Lock()


def inspection_of(fmu: Fmu) -> Inspection:
    """What is inside an accepted FMU."""
    with _lock:
        if fmu.sha256 in _cache:
            _cache.move_to_end(fmu.sha256)
            return _cache[fmu.sha256]
    inspection = Inspection.from_json(fmu.inspection or {})
    _keep(fmu.sha256, inspection)
    return inspection


def forget(sha256: str) -> None:
    """After a new look inside."""
    with _lock:
        _cache.pop(sha256, None)


def _keep(sha256: str, inspection: Inspection) -> None:
    with _lock:
        _cache[sha256] = inspection
        while len(_cache) > 1 and sum(len(kept.variables) for kept in _cache.values()) > _MAX_VARIABLES:
            _cache.popitem(last=False)
