"""Which limits a run of an account has."""

from __future__ import annotations

from typing import Literal

from django.conf import settings
from django.db.models import DateTimeField
from django.utils import timezone

from accounts.models import User
from billing.models import CreditLot, LotSource, PaymentStatus
from fmugateway.prepared import Given, Prepared

Plan = Literal["standard", "pilot"]


def run_limits(user: User | None) -> Plan:
    """`pilot` while a paid month of the Enterprise Pilot lasts, even when its runs are used up."""
    if user is None or not user.is_authenticated:
        return "standard"
    month = _PAID_MONTH.first(user=user.pk, livemode=settings.STRIPE_LIVE_MODE, now=timezone.now())
    return "pilot" if month else "standard"


_PAID_MONTH = Prepared(
    lambda: CreditLot.objects.filter(
        user_id=Given("user"),
        source=LotSource.SUBSCRIPTION,
        livemode=Given("livemode"),
        frozen="",
        debt=0,
        payment__status=PaymentStatus.PAID,
        expires_at__gt=Given("now", DateTimeField()),
    ).values_list("pk")[:1]
)
