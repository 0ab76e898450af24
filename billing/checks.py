"""What `manage.py check` says about money."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register("billing")
def stripe_is_configured(**kwargs: Any) -> list[checks.CheckMessage]:
    """Not an error: a site without a key runs, and refuses to sell with 503."""
    if not settings.STRIPE_ENABLED or settings.STRIPE_SECRET_KEY:
        return []
    return [
        checks.Warning(
            "There is no STRIPE_SECRET_KEY: the site refuses to sell.",
            hint="Set STRIPE_SECRET_KEY and run setup_stripe, or STRIPE_ENABLED=0 to make every run free.",
            id="billing.W001",
        )
    ]


@checks.register("billing")
def stand_in_takes_no_money(**kwargs: Any) -> list[checks.CheckMessage]:
    if settings.DEBUG or not settings.STRIPE_STANDIN:
        return []
    return [
        checks.Warning(
            "STRIPE_STANDIN is on without DEBUG: purchases go to the stand-in and no money moves.",
            hint="Unset STRIPE_STANDIN and set STRIPE_SECRET_KEY.",
            id="billing.W002",
        )
    ]
