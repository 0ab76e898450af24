"""How many bytes one asker may bring a day: looking inside is free, and the storage is everybody's."""

from __future__ import annotations

import time

from django.conf import settings

from accounts import rates
from simulations.errors import UploadQuotaUsed
from simulations.visitor import Visitor

DAY_SECONDS = 24 * 3600


def spend(size: int, *, sha256: str, visitor: Visitor) -> None:
    """Count these bytes, once a day however often they come. Raises UploadQuotaUsed, and then they do not count.

    Whether somebody else brought them before makes no difference: nobody learns that.
    """
    now = int(time.time())
    total = f"uploaded:{rates.name_of(visitor)}:{now // DAY_SECONDS}"
    same = f"{total}:{sha256}"
    if _count(same) > 1:
        return
    quota = settings.UPLOAD_BYTES_A_DAY[rates.general_bucket(visitor)]
    if _count(total, size) > quota:
        _count(total, -size)
        _count(same, -1)
        raise _used(quota, DAY_SECONDS - now % DAY_SECONDS)


def _count(key: str, more: int = 1) -> int:
    return rates.count(key, more, seconds=2 * DAY_SECONDS)


def _used(quota: int, seconds: int) -> UploadQuotaUsed:
    message = (
        f"More than {quota >> 20:,} MB of uploads today. An FMU that is here already needs no upload: run it by its "
        f"fmu_id. Upload new ones in {seconds / 3600:.1f} h."
    )
    return UploadQuotaUsed(message, headers={"Retry-After": str(seconds)})
