"""Daily roll-ups: what happened on one day, counted once, so that the owner's view is fast at any size.

A row outlives what it was counted from: a deleted account takes its runs along, not the history of the business.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class RolledDay(models.Model):
    """When a day was counted last. Counted after its end, it is final."""

    day = models.DateField(primary_key=True)
    rolled_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day} as of {self.rolled_at:%Y-%m-%d %H:%M}"


class DailyRow(models.Model):
    """Base of the roll-ups."""

    day = models.DateField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.day}"


class RunDay(DailyRow):
    """Runs that ended on a day."""

    status = models.CharField(max_length=20)
    error_code = models.CharField(max_length=50, blank=True)
    kind = models.CharField(max_length=10, help_text="account, guest or sample")
    runs = models.PositiveIntegerField()
    cpu_seconds = models.FloatField(default=0.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "status", "error_code", "kind"], name="run_day_once"),
        ]


class DurationDay(DailyRow):
    """A histogram whose buckets grow by 5 %: percentiles of any period are sums of days, at most 2.5 % off."""

    measure = models.CharField(max_length=10, help_text="queue or run")
    bucket = models.SmallIntegerField()
    runs = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "measure", "bucket"], name="duration_day_once")]


class UserDay(DailyRow):
    """An account's day: runs that succeeded, and those of them that trial or goodwill credits paid for."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    succeeded = models.PositiveIntegerField(default=0)
    free = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "user"], name="user_day_once")]
        indexes = [models.Index(fields=["user", "day"], name="user_day_of_user")]


class ModelDay(DailyRow):
    """A model's day, by the name that its modelDescription.xml says."""

    model_name = models.CharField(max_length=200)
    is_sample = models.BooleanField(default=False)
    runs = models.PositiveIntegerField()
    succeeded = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "model_name", "is_sample"], name="model_day_once")]


class EarningsDay(DailyRow):
    """Credits that were used up or lapsed, at what they had brought in. amount: minor units."""

    livemode = models.BooleanField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=10, help_text="captured or lapsed")
    credits = models.PositiveIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "livemode", "currency", "kind"], name="earnings_day_once")
        ]


class StorageDay(DailyRow):
    """Bytes of all files in the storage, as found by that day's walk through it."""

    stored_bytes = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day"], name="storage_day_once")]


class EventDay(DailyRow):
    """How often something happened on the site. No person, no address, no session."""

    name = models.CharField(max_length=40)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "name"], name="event_day_once")]
