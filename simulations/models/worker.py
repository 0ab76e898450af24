"""A worker process that says it is alive and how well it isolates."""

from __future__ import annotations

from django.db import models


class Worker(models.Model):
    """`cage_level` is empty when no cage could be started; `cage_reason` then says why."""

    name = models.CharField(max_length=100, unique=True)
    cage_level = models.CharField(max_length=10, blank=True)
    cage_reason = models.TextField(blank=True)
    cage_starts = models.PositiveIntegerField(default=0, help_text="Cages started so far, planned renewals included.")
    takes_runs = models.BooleanField(default=True, db_default=True, help_text="False: only uploads and samples.")
    started_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
