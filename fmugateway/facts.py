"""Numbers the public pages quote, from the settings that enforce them, so that no page can promise something else."""

from __future__ import annotations

import sys

from django.conf import settings

from simulations.services.submit import SAMPLE_SECONDS


def site_facts() -> dict[str, object]:
    """Limits, rates and days, as templates name them."""
    return {
        "python_version": f"{sys.version_info.major}.{sys.version_info.minor}",
        "limits": settings.RUN_LIMITS,
        "pilot_limits": settings.PILOT_RUN_LIMITS,
        "rates": settings.RATE_LIMITS,
        "max_upload": settings.MAX_UPLOAD_BYTES,
        "uploads_a_day": settings.UPLOAD_BYTES_A_DAY,
        "guest_fmu_days": settings.GUEST_FMU_DAYS,
        "guest_result_days": settings.GUEST_RESULT_DAYS,
        "trial_runs": settings.TRIAL_RUNS,
        "trial_days": settings.TRIAL_DAYS,
        "refund_days": settings.UNUSED_PAYMENT_REFUND_DAYS,
        "run_seconds": round(settings.RUN_LIMITS["wall_seconds"]),
        "sample_seconds": round(SAMPLE_SECONDS),
        "pilot_minutes": round(settings.PILOT_RUN_LIMITS["wall_seconds"] / 60),
        "pilot_memory": settings.PILOT_RUN_LIMITS["memory_bytes"],
    }
