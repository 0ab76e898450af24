"""Runs that somebody got at one time, on one ground."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from billing.ids import lot_id


class LotSource(models.TextChoices):
    TRIAL = "trial", "Trial runs"
    SINGLE_RUN = "single_run", "Single simulation"
    PACK = "pack", "Credit pack"
    SUBSCRIPTION = "subscription", "Enterprise Pilot"
    GOODWILL = "goodwill", "Goodwill"


class Frozen(models.TextChoices):
    NO = "", "No"
    DISPUTE = "dispute", "A dispute is open"
    REFUND = "refund", "A refund is on its way"


class CreditLot(models.Model):
    """`quantity` runs of a user or of a guest's payment. What is left is the sum of its entries.

    remaining, held and debt are that sum, kept by conditional UPDATEs so that a run can be reserved in one statement:
    remaining - debt == SUM(entries.delta); held == holds neither captured nor released. `audit_ledger` proves it.
    debt: runs that were used before their money went back.
    """

    public_id = models.CharField(max_length=40, unique=True, default=lot_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="credit_lots"
    )
    payment = models.OneToOneField(
        "billing.Payment", on_delete=models.PROTECT, null=True, blank=True, related_name="lot"
    )
    source = models.CharField(max_length=20, choices=LotSource)
    quantity = models.PositiveIntegerField()
    unit_value = models.PositiveIntegerField(
        default=0, help_text="What one run brought in, in minor units of the currency, rounded down."
    )
    currency = models.CharField(max_length=3, default="gbp")
    livemode = models.BooleanField()
    remaining = models.PositiveIntegerField()
    held = models.PositiveIntegerField(default=0)
    debt = models.PositiveIntegerField(default=0)
    frozen = models.CharField(max_length=10, choices=Frozen, blank=True, default="")
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "livemode"], condition=Q(remaining__gt=0), name="lot_drawable"),
            models.Index(fields=["expires_at"], condition=Q(remaining__gt=0), name="lot_expiring"),
            models.Index(fields=["user"], condition=Q(debt__gt=0), name="lot_in_debt"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="lot_quantity_positive"),
            models.CheckConstraint(condition=Q(remaining__gte=0), name="lot_remaining_not_negative"),
            models.CheckConstraint(condition=Q(held__gte=0), name="lot_held_not_negative"),
            models.CheckConstraint(condition=Q(debt__gte=0), name="lot_debt_not_negative"),
            models.CheckConstraint(condition=Q(quantity__gte=F("debt")), name="lot_debt_within_quantity"),
            models.CheckConstraint(condition=Q(remaining=0) | Q(debt=0), name="lot_debt_only_when_empty"),
            models.CheckConstraint(condition=Q(source__in=LotSource.values), name="lot_source_known"),
            models.CheckConstraint(condition=Q(frozen__in=Frozen.values), name="lot_frozen_known"),
            models.CheckConstraint(
                condition=Q(source__in=("trial", "goodwill"), payment=None, unit_value=0)
                | Q(source__in=("single_run", "pack", "subscription"), payment__isnull=False),
                name="lot_paid_or_free",
            ),
            models.UniqueConstraint(fields=["user"], condition=Q(source="trial"), name="lot_one_trial_per_user"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} ({self.get_source_display()}, {self.remaining} of {self.quantity} left)"
