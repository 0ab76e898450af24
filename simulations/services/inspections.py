"""The inspection of an FMU, read from its row once per process and look inside."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from threading import Lock

from simulations.fmi.inspection import Inspection
from simulations.models import Fmu

# Half a million variables are about 250 MB.
_MAX_VARIABLES = 500_000
_cache: OrderedDict[tuple[str, datetime | None], Inspection] = OrderedDict()
_lock = Lock()


def inspection_of(fmu: Fmu) -> Inspection:
    """What is inside an accepted FMU."""
    look = (fmu.sha256, fmu.checked_at)
    with _lock:
        if look in _cache:
            _cache.move_to_end(look)
            return _cache[look]
    inspection = Inspection.from_json(fmu.inspection or {})
    _keep(look, inspection)
    return inspection


def _keep(look: tuple[str, datetime | None], inspection: Inspection) -> None:
    with _lock:
        _cache[look] = inspection
        while len(_cache) > 1 and sum(len(kept.variables) for kept in _cache.values()) > _MAX_VARIABLES:
            _cache.popitem(last=False)
