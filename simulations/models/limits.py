"""What one account's runs may take, where the owner has agreed to something else than the plan's limits."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

HOUR = 3600


class AccountLimits(models.Model):
    """Takes the place of the settings for this account, standard or pilot."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    wall_seconds = models.FloatField(default=600.0, validators=[MinValueValidator(1), MaxValueValidator(HOUR)])
    cpu_seconds = models.FloatField(default=600.0, validators=[MinValueValidator(1), MaxValueValidator(HOUR)])
    memory_bytes = models.PositiveBigIntegerField(
        default=4 << 30, validators=[MinValueValidator(128 << 20), MaxValueValidator(64 << 30)]
    )
    values = models.PositiveBigIntegerField(
        default=10_000_000, validators=[MinValueValidator(1000), MaxValueValidator(1_000_000_000)]
    )
    note = models.CharField(max_length=200, help_text="Why, and until when.")

    class Meta:
        verbose_name_plural = "account limits"

    def __str__(self) -> str:
        return f"limits of {self.user}"
