"""Make the database what it was when a backup was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from fmugateway import backups


class Command(BaseCommand):
    help = "Make the database what it was when FILE was made. Stop the site first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        backups.restore(options["file"])
