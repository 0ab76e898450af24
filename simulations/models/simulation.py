"""One simulation: what was asked, how far it is, what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from simulations import ids
from simulations.models.fmu import FmuHolding
from simulations.visitor import Visitor


class Status(models.TextChoices):
    AWAITING_PAYMENT = "awaiting_payment"
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"


FINAL = (Status.SUCCEEDED, Status.FAILED, Status.CANCELED, Status.EXPIRED)


class SimulationQuerySet(models.QuerySet["Simulation"]):
    def owned_by(self, visitor: Visitor) -> Self:
        """What this visitor started: with the account, with a paid token, or in this browser."""
        owned = Q(user=None, public_id__in=visitor.simulations)
        if visitor.user:
            owned |= Q(user=visitor.user)
        if visitor.payment:
            owned |= Q(payment=visitor.payment.public_id) | Q(public_id=visitor.payment.simulation, user=None)
        return self.filter(owned)

    def visible_to(self, visitor: Visitor) -> Self:
        """Own ones, and runs of samples that nobody owns: for those the unguessable id is the key."""
        return self.owned_by(visitor) | self.filter(user=None, is_sample=True)

    def light(self) -> Self:
        """Without the columns that may be large and that lists do not show."""
        return self.defer("inputs", "log", "columns")


class Simulation(models.Model):
    """Its status changes only through services.transition: a conditional UPDATE on the old one."""

    public_id = models.CharField(max_length=40, unique=True, default=ids.simulation_id)
    share_key = models.CharField(max_length=40, unique=True, default=ids.share_key, help_text="Opens it for anybody.")
    is_shared = models.BooleanField(default=False, help_text="Whether the share key opens it.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE)
    payment = models.CharField(max_length=40, blank=True, help_text="The pay_... of the token that started it.")

    # The FMU may be deleted before the simulation is: its name stays.
    fmu = models.ForeignKey(FmuHolding, null=True, blank=True, on_delete=models.SET_NULL)
    fmu_public_id = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    model_name = models.TextField()
    fmi_version = models.CharField(max_length=20)
    is_sample = models.BooleanField(default=False)

    request = models.JSONField(help_text="The effective request, defaults filled in; without inputs.")
    left_open = models.JSONField(default=list, help_text="Fields that the request left to the defaults.")
    inputs = models.JSONField(null=True, blank=True, help_text="Samples by name, with time.")
    limits = models.JSONField(help_text="Wall time, CPU time, memory and values that this run may take.")

    status = models.CharField(max_length=20, choices=Status)
    progress = models.FloatField(default=0.0, help_text="Share of simulated time reached.")
    claimed_by = models.CharField(max_length=100, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)

    rows = models.PositiveBigIntegerField(null=True, blank=True)
    columns = models.JSONField(default=list, help_text="Name, unit and meaning of each column of the result.")
    result = models.CharField(max_length=200, blank=True, help_text="Its name in the storage (.npy).")
    result_is_partial = models.BooleanField(default=False)
    result_trimmed_at = models.DateTimeField(null=True, blank=True)
    spark = models.JSONField(default=list, help_text="The first output as a few numbers from 0 to 1, for small plots.")
    error_code = models.CharField(max_length=50, blank=True)
    error_message = models.TextField(blank=True)
    log = models.TextField(blank=True, help_text="What the FMU and the solver said (untrusted text).")
    notes = models.JSONField(default=list, help_text="Repairs that were used, one sentence each.")
    run_seconds = models.FloatField(null=True, blank=True)
    cpu_seconds = models.FloatField(null=True, blank=True)
    peak_memory_bytes = models.PositiveBigIntegerField(null=True, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = SimulationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="simulation_known_status", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="simulation_progress_is_share", condition=Q(progress__range=(0, 1))),
            models.CheckConstraint(
                name="simulation_running_is_claimed",
                condition=~Q(status="running") | Q(lease_expires_at__isnull=False) & ~Q(claimed_by=""),
            ),
            models.CheckConstraint(
                name="simulation_final_has_end",
                condition=Q(status__in=FINAL, finished_at__isnull=False)
                | ~Q(status__in=FINAL) & Q(finished_at__isnull=True),
            ),
            models.CheckConstraint(
                name="simulation_failed_has_reason", condition=~Q(status="failed") | ~Q(error_code="")
            ),
            models.CheckConstraint(
                name="simulation_succeeded_has_rows", condition=~Q(status="succeeded") | Q(rows__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="simulation_list"),
            models.Index(fields=["user", "status", "-id"], name="simulation_list_status"),
            models.Index(fields=["fmu", "-id"], name="simulation_by_fmu"),
            models.Index(fields=["payment"], condition=~Q(payment=""), name="simulation_by_payment"),
            # Not a partial one: SQLite does not see that `status = 'running'` would be in it.
            models.Index(fields=["status", "queued_at"], name="simulation_going"),
            models.Index(fields=["finished_at"], condition=~Q(result=""), name="simulation_result_age"),
            models.Index(
                fields=["finished_at"], condition=Q(user=None) & ~Q(result=""), name="simulation_guest_result_age"
            ),
            models.Index(fields=["created_at"], name="simulation_by_day"),
            models.Index(fields=["finished_at"], name="simulation_by_end"),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def has_downloads(self) -> bool:
        """Whether the whole result is there. A failed run shows its partial curve only."""
        return self.status == Status.SUCCEEDED and bool(self.result)

    @property
    def queue_seconds(self) -> float | None:
        return _seconds(self.queued_at, self.started_at)


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start and end else None
