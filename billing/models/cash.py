"""The ledger of money."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from billing.models.append_only import AppendOnlyModel


class CashKind(models.TextChoices):
    PAYMENT = "payment", "Payment"
    REFUND = "refund", "Refund"
    DISPUTE = "dispute", "Dispute"
    FEE = "fee", "Fee of Stripe"


class CashEntry(AppendOnlyModel):
    """Money that moved: signed, in minor units, on the day Stripe says. Once per (kind, Stripe's id)."""

    payment = models.ForeignKey("billing.Payment", on_delete=models.PROTECT, related_name="cash")
    kind = models.CharField(max_length=10, choices=CashKind)
    amount = models.IntegerField()
    currency = models.CharField(max_length=3)
    livemode = models.BooleanField()
    stripe_id = models.CharField(max_length=255)
    occurred_at = models.DateTimeField()

    class Meta:
        ordering = ["-occurred_at", "-pk"]
        verbose_name_plural = "cash entries"
        indexes = [models.Index(fields=["occurred_at", "kind"], name="cash_day")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "stripe_id"], name="cash_once_per_cause"),
            models.CheckConstraint(condition=Q(kind__in=CashKind.values), name="cash_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount:+d} {self.currency} ({self.stripe_id})"
