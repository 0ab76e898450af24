"""Copies of the database that are consistent while the site runs, and back from them. SQLite and PostgreSQL."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.core.management.base import CommandError
from django.db import connection


def back_up(path: Path) -> None:
    """Write all of the database to a file that is not there yet. Raises CommandError."""
    if path.exists():
        raise CommandError(f"{path} exists already; a backup never overwrites another one.")
    if connection.vendor == "sqlite":
        _copy(_sqlite_file(), path)
    else:
        _postgresql("pg_dump", "--format=custom", "--no-owner", f"--file={path}")
    path.chmod(0o600)


def restore(path: Path) -> None:
    """Make the database what it was. Stop the site first. Raises CommandError, and then nothing has changed."""
    if not path.is_file():
        raise CommandError(f"There is no backup {path}.")
    connection.close()
    if connection.vendor == "sqlite":
        _require_intact(path)
        _copy(path, _sqlite_file())
    else:
        _require_nothing_newer(path)
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
        _postgresql("pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(path))


def _sqlite_file() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _copy(source: Path, target: Path) -> None:
    """By SQLite's own backup: page by page in one transaction, whoever writes meanwhile."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _require_intact(path: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
            # An empty file is an intact database of nothing.
            copy.execute("SELECT 1 FROM django_migrations")
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if verdict != "ok":
        raise CommandError(f"{path} is no intact database: {verdict}")


def _require_nothing_newer(path: Path) -> None:
    """What the backup does not know would stay, and the next migration would trip over it."""
    saved = re.findall(r"^\d+; \d+ \d+ TABLE \S+ (\S+) ", _postgresql("pg_restore", "--list", str(path)), re.MULTILINE)
    newer = sorted(set(connection.introspection.table_names()) - set(saved))
    connection.close()
    if newer:
        raise CommandError(f"The database has what the backup does not know ({', '.join(newer)}): use an empty one.")


def _postgresql(program: str, *options: str) -> str:
    """What it prints. Raises CommandError with what it complains of."""
    executable = shutil.which(program)
    if executable is None:
        raise CommandError(f"{program} is not installed (Debian: apt install postgresql-client).")
    done = subprocess.run([executable, *options], env=_credentials(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(f"{program} failed: {done.stderr.strip()}")
    return done.stdout


def _credentials() -> dict[str, str]:
    """By the environment: a command line can be read by everybody."""
    database = connection.settings_dict
    named = {f"PG{name}": str(database[name]) for name in ("HOST", "PORT", "USER", "PASSWORD") if database[name]}
    options = database.get("OPTIONS", {}).items()
    encryption = {f"PG{name.upper()}": str(value) for name, value in options if name.startswith("ssl")}
    return os.environ | named | encryption | {"PGDATABASE": str(database["NAME"])}
