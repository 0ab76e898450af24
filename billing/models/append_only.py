"""Rows that are written once: the model refuses first, the database's triggers (billing.triggers) refuse last."""

from __future__ import annotations

from typing import Any, NoReturn, Self

from django.db import models


class AppendOnly(Exception):
    """Somebody tried to change or delete a row of a ledger. Correct a mistake by adding a row that undoes it."""


class AppendOnlyQuerySet[M: models.Model](models.QuerySet[M]):
    """A queryset that adds and reads."""

    def update(self, **changes: Any) -> NoReturn:
        raise AppendOnly(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly(f"{self.model.__name__} rows are never deleted.")

    def bulk_update(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnly(f"{self.model.__name__} rows are never changed.")


class AppendOnlyModel(models.Model):
    """Base of the two ledgers: credits and cash."""

    objects = models.Manager.from_queryset(AppendOnlyQuerySet[Self])()

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnly(f"{self} is written once.")
        super().save(**options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnly(f"{self} is written once.")
