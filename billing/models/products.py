"""What we sell."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Product(models.Model):
    """A row of the price list, kept equal to Stripe's price with the same lookup_key."""

    key = models.CharField(max_length=40, primary_key=True, help_text="The lookup_key of its price at Stripe.")
    name = models.CharField(max_length=80)
    amount = models.PositiveIntegerField(help_text="Minor units: 100 is GBP 1.00.")
    currency = models.CharField(max_length=3, default="gbp")
    runs = models.PositiveIntegerField()
    interval = models.CharField(max_length=10, blank=True, default="", help_text='"month" for a subscription.')
    stripe_price = models.CharField(max_length=255, blank=True, default="", editable=False)
    livemode = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["amount"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=30), name="product_amount_chargeable"),
            models.CheckConstraint(condition=Q(runs__gte=1), name="product_has_runs"),
            models.CheckConstraint(condition=Q(interval__in=("", "month")), name="product_interval_known"),
        ]

    def __str__(self) -> str:
        return self.name
