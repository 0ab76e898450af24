"""What `manage.py check --deploy` says about a deployment that would lose data or leak it."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's own name
from django.db import connection


@register(Tags.compatibility, deploy=True)
def broker_needs_a_real_database(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Workers on other machines cannot open a SQLite file."""
    if settings.TASKS_BROKER_URL and connection.vendor == "sqlite":
        return [
            Error(
                "TASKS_BROKER_URL is set, but the database is a SQLite file.",
                hint="Set DATABASE_URL to a PostgreSQL that every machine reaches.",
                id="fmugateway.E001",
            )
        ]
    return []


@register(Tags.files, deploy=True)
def broker_needs_shared_storage(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.TASKS_BROKER_URL and not settings.BUCKET_NAME:
        return [
            Warning(
                "TASKS_BROKER_URL is set, but files lie on this machine's disk.",
                hint="Set BUCKET_NAME, or make DATA_DIR a disk that every machine shares.",
                id="fmugateway.W001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def production_cages_are_full(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.FMU_CAGE_ALLOW_REDUCED:
        return [
            Warning(
                "FMU_CAGE_ALLOW_REDUCED lets strangers' code run with less than full isolation.",
                hint="Unset it, and give the workers a machine where `manage.py cage_check` says FULL.",
                id="fmugateway.W002",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def production_has_its_own_secret(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A second machine without SECRET_KEY would make its own, and refuse the first one's sessions."""
    if settings.TASKS_BROKER_URL and "SECRET_KEY" not in os.environ:
        return [
            Error(
                "SECRET_KEY is not in the environment.",
                hint="Set the same SECRET_KEY on all machines, for example with `fly secrets set`.",
                id="fmugateway.E002",
            )
        ]
    return []
