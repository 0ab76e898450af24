"""The first answer to a request with an Idempotency-Key, to be given again."""

from __future__ import annotations

from django.db import models

from simulations.models.simulation import Simulation


class IdempotencyKey(models.Model):
    """`scope` says whose key it is. While `locked_until` lies ahead, the first request is still being answered.

    `simulation` is set in the transaction that creates it: whatever dies later, the same key never starts a second run.
    """

    scope = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="sha256 of what was asked.")
    simulation = models.ForeignKey(Simulation, null=True, blank=True, on_delete=models.CASCADE)
    locked_until = models.DateTimeField(null=True, blank=True)
    answer_status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer_headers = models.JSONField(default=dict)
    answer_body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
