"""Copy the database into a file while the site runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from fmugateway import backups


class Command(BaseCommand):
    help = "Copy the database into FILE; files of the storage are copied apart, and after it (docs/operations.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        backups.back_up(options["file"])
