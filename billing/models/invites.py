"""Codes that bring free runs to early adopters."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without what reads like something else


def new_code() -> str:
    """Three groups of four: 59 bits, easy to say on the phone."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


class InviteCode(models.Model):
    """`runs` free runs for each of `max_redemptions` accounts."""

    code = models.CharField(max_length=40, unique=True, default=new_code)
    note = models.CharField(max_length=200, blank=True, default="", help_text="For whom; only shown here.")
    runs = models.PositiveIntegerField(default=10)
    max_redemptions = models.PositiveIntegerField(default=1)
    redeemed = models.PositiveIntegerField(default=0, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Redeem before; empty: no end.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(runs__gte=1), name="invite_has_runs"),
            models.CheckConstraint(condition=Q(redeemed__lte=F("max_redemptions")), name="invite_not_overdrawn"),
        ]

    def __str__(self) -> str:
        return self.code


class InviteRedemption(models.Model):
    """One account used one code, once."""

    invite = models.ForeignKey(InviteCode, on_delete=models.PROTECT, related_name="redemptions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    lot = models.OneToOneField("billing.CreditLot", on_delete=models.PROTECT)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["invite", "user"], name="invite_once_per_user")]

    def __str__(self) -> str:
        return f"{self.invite} by {self.user}"
