"""An FMU's content, once for the same bytes; and who has it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from fmugateway.prepared import Given
from simulations import ids
from simulations.visitor import Visitor

SAMPLE_PREFIX = "sample:"


class Fmu(models.Model):
    """One content. Nobody sees this row but through a holding of their own."""

    class Status(models.TextChoices):
        CHECKING = "checking"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(help_text="Bytes of the archive.")
    archive = models.CharField(max_length=200, blank=True, help_text="Its name in the storage; empty once refused.")
    status = models.CharField(max_length=10, choices=Status, default=Status.CHECKING)
    model_name = models.TextField(blank=True)
    fmi_version = models.CharField(max_length=20, blank=True)
    inspection = models.JSONField(null=True, blank=True, help_text="Inspection.to_json(): everything that is inside.")
    verdict = models.JSONField(null=True, blank=True, help_text="Of the inspection, for lists: runs, summary, ...")
    refusal_code = models.CharField(max_length=50, blank=True)
    refusal_message = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    engine = models.PositiveIntegerField(default=0, db_default=0, help_text="Version of the engine that looked inside.")

    class Meta:
        verbose_name = "FMU"
        constraints = [
            models.CheckConstraint(
                name="fmu_accepted_with_inspection",
                condition=~Q(status="accepted") | Q(inspection__isnull=False) & ~Q(archive=""),
            ),
            models.CheckConstraint(
                name="fmu_refused_with_reason",
                condition=~Q(status="refused") | ~Q(refusal_code="") & Q(archive=""),
            ),
            models.CheckConstraint(name="fmu_archive_until_refused", condition=Q(status="refused") | ~Q(archive="")),
        ]
        indexes = [models.Index(fields=["status", "created_at"], name="fmu_by_status")]

    def __str__(self) -> str:
        return self.model_name or self.sha256[:12]


class FmuHoldingQuerySet(models.QuerySet["FmuHolding"]):
    def owned_by(self, visitor: Visitor) -> Self:
        """What this visitor uploaded: with the account, or in this browser."""
        owned = Q(user=None, public_id__in=visitor.fmus)
        if visitor.user:
            owned |= Q(user=visitor.user)
        return self.filter(owned, is_sample=False)

    def visible_to(self, visitor: Visitor) -> Self:
        """Own ones, samples, and uploads without an account: for those the unguessable id is the key."""
        return self.visible_to_account(visitor.user.pk if visitor.user else None)

    def visible_to_account(self, user: int | Given | None) -> Self:
        """user: pk of the account."""
        return self.filter(Q(user=None) | Q(user_id=user))

    def samples(self) -> Self:
        return self.filter(is_sample=True)

    def light(self) -> Self:
        """With their contents, but for the inspections, which may be large."""
        return self.select_related("fmu").defer("fmu__inspection")


class FmuHolding(models.Model):
    """Somebody's copy of an FMU. Its id is theirs alone, so that nobody learns who else has the same bytes."""

    public_id = models.CharField(max_length=100, unique=True, default=ids.fmu_id)
    fmu = models.ForeignKey(Fmu, on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE)
    is_sample = models.BooleanField(default=False)
    file_name = models.CharField(max_length=255, blank=True, help_text="As it was called at the uploader's.")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(auto_now_add=True)

    objects = FmuHoldingQuerySet.as_manager()

    class Meta:
        verbose_name = "FMU holding"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "fmu"], name="holding_once_per_user"),
            models.CheckConstraint(name="holding_sample_is_nobodys", condition=Q(is_sample=False) | Q(user=None)),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="holding_list"),
            models.Index(fields=["last_used_at"], condition=Q(user=None, is_sample=False), name="holding_guest_age"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def sample_name(self) -> str:
        return self.public_id.removeprefix(SAMPLE_PREFIX) if self.is_sample else ""
