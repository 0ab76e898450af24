"""What may be forgotten: in the cache, and no reason to fail when that is away."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache import cache

log = logging.getLogger(__name__)


def recall(key: str, default: Any = None) -> Any:
    try:
        return cache.get(key, default)
    except Exception as error:  # noqa: BLE001  each cache has errors of its own
        _say(key, error)
        return default


def remember(key: str, value: Any, seconds: float) -> None:
    try:
        cache.set(key, value, seconds)
    except Exception as error:  # noqa: BLE001
        _say(key, error)


def _say(key: str, error: Exception) -> None:
    log.warning("key=%s code=cache_away %s", key, error)
