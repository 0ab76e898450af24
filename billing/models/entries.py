"""The ledger of credits."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from billing.models.append_only import AppendOnlyModel


class EntryKind(models.TextChoices):
    """What a row did to its lot's sum."""

    GRANT = "grant", "Granted"  # + quantity
    HOLD = "hold", "Reserved for a run"  # -1
    CAPTURE = "capture", "Used by a run"  # 0: the hold has become final
    RELEASE = "release", "Given back after a run"  # +1
    REFUND = "refund", "Taken back with its money"  # -n; +n when Stripe takes a refund or a lost dispute back
    EXPIRE = "expire", "Lapsed"  # -remaining
    SETTLE = "settle", "Debt settled"  # -n on the lot that pays, +n on the lot that owed
    FORGIVE = "forgive", "Debt forgiven"  # +n


class CreditEntry(AppendOnlyModel):
    """One signed change of one lot. Never updated, never deleted; `reference` says what caused it."""

    lot = models.ForeignKey("billing.CreditLot", on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind)
    delta = models.IntegerField()
    reference = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = "credit entries"
        indexes = [
            models.Index(fields=["reference"], name="entry_reference"),
            models.Index(fields=["created_at", "kind"], name="entry_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference"], name="entry_once_per_cause"),
            models.UniqueConstraint(
                fields=["reference"], condition=Q(kind__in=("capture", "release")), name="entry_hold_ends_once"
            ),
            models.UniqueConstraint(fields=["lot"], condition=Q(kind="grant"), name="entry_one_grant_per_lot"),
            models.CheckConstraint(
                condition=Q(kind="grant", delta__gt=0)
                | Q(kind="hold", delta=-1)
                | Q(kind="capture", delta=0)
                | Q(kind="release", delta=1)
                | Q(kind="expire", delta__lt=0)
                | Q(kind="forgive", delta__gt=0)
                | (Q(kind__in=("refund", "settle")) & ~Q(delta=0)),
                name="entry_sign_fits_kind",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="entry_has_a_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.delta:+d} for {self.reference}"
