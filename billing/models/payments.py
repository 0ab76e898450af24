"""One purchase: a Checkout Session, or a month of a subscription."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from billing.ids import payment_id


class PaymentStatus(models.TextChoices):
    OPEN = "open", "Waiting for payment"
    PROCESSING = "processing", "The bank is working on it"
    PAID = "paid", "Paid"
    CONSUMED = "consumed", "Paid and used"
    EXPIRED = "expired", "Closed without payment"
    REFUNDED = "refunded", "Refunded"
    DISPUTED = "disputed", "Disputed"


class Payment(models.Model):
    """Who buys what, for how much, and how far it is. Money itself is in CashEntry, runs are in CreditLot."""

    public_id = models.CharField(max_length=40, unique=True, default=payment_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="payments"
    )
    simulation = models.CharField(max_length=40, blank=True, default="", help_text="The run that this pays for.")
    product = models.CharField(max_length=40)
    runs = models.PositiveIntegerField()
    amount = models.PositiveIntegerField(help_text="List price in minor units, before promotions.")
    currency = models.CharField(max_length=3)
    livemode = models.BooleanField()
    status = models.CharField(max_length=12, choices=PaymentStatus, default=PaymentStatus.OPEN)
    claim_hash = models.CharField(max_length=64, blank=True, default="", editable=False)

    attempt = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(
        default=0, editable=False, help_text="Counts how often Stripe's facts were written here."
    )
    checkout_session = models.CharField(max_length=255, null=True, blank=True, unique=True)
    checkout_url = models.TextField(blank=True, default="")
    customer = models.CharField(max_length=255, blank=True, default="", db_index=True)
    payment_intent = models.CharField(max_length=255, blank=True, default="", db_index=True)
    subscription = models.CharField(max_length=255, blank=True, default="", db_index=True)
    invoice = models.CharField(max_length=255, null=True, blank=True, unique=True)
    receipt_url = models.TextField(blank=True, default="")

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, help_text="When we first led somebody to Checkout.")
    paid_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When a poll last asked Stripe.")

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["simulation"], condition=~Q(simulation=""), name="payment_simulation"),
            models.Index(fields=["status", "created_at"], name="payment_status_age"),
            models.Index(fields=["created_at"], name="payment_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=PaymentStatus.values), name="payment_status_known"),
            models.CheckConstraint(condition=Q(runs__gte=1), name="payment_buys_runs"),
            models.CheckConstraint(
                condition=Q(status__in=("open", "processing", "expired"), paid_at=None)
                | Q(status__in=("paid", "consumed", "refunded", "disputed"), paid_at__isnull=False),
                name="payment_paid_at_fits_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} ({self.product}, {self.status})"
