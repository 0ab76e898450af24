"""Which limits a run of an account has."""

from __future__ import annotations

from typing import Literal

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from billing.models import CreditLot, LotSource

Plan = Literal["standard", "pilot"]


def run_limits(user: User | None) -> Plan:
    """`pilot` while a paid month of the Enterprise Pilot lasts, even when its runs are used up."""
    if user is None or not user.is_authenticated:
        return "standard"
    months = CreditLot.objects.filter(
        user=user,
        source=LotSource.SUBSCRIPTION,
        livemode=settings.STRIPE_LIVE_MODE,
        frozen="",
        debt=0,
        expires_at__gt=timezone.now(),
    )
    return "pilot" if months.exists() else "standard"
