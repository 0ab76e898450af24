"""The short cut for an empty database ends in the same tables as dj-stripe's own migrations."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

Schema = dict[str, tuple[list[object], list[object], list[object]]]


def _migrate(data: Path, *words: str) -> None:
    environment = {"ENV_FILE": "/dev/null", "DATA_DIR": str(data), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", *words]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True, timeout=200)


def _schema(data: Path) -> Schema:
    """Columns, foreign keys and indexes of dj-stripe's tables; names of constraints may differ."""
    connection = sqlite3.connect(data / "db.sqlite3")
    names = connection.execute("SELECT name FROM sqlite_master WHERE type='table' AND name LIKE 'djstripe%'").fetchall()
    return {name: _table(connection, name) for (name,) in names}


def _table(connection: sqlite3.Connection, table: str) -> tuple[list[object], list[object], list[object]]:
    def pragma(what: str, of: str) -> list[tuple[object, ...]]:
        return connection.execute(f"PRAGMA {what}('{of}')").fetchall()

    columns = sorted(repr(row[1:]) for row in pragma("table_info", table))
    foreign_keys = sorted(repr(row[2:]) for row in pragma("foreign_key_list", table))
    indexes = sorted(
        repr((row[2], [column[2] for column in pragma("index_info", str(row[1]))]))
        for row in pragma("index_list", table)
    )
    return list(columns), list(foreign_keys), list(indexes)


@pytest.mark.timeout(240)
def test_short_cut_makes_the_tables_that_the_migrations_make(tmp_path: Path) -> None:
    short, long = tmp_path / "short", tmp_path / "long"
    _migrate(short)
    # Naming an app takes the ordinary way: every migration, one operation at a time.
    _migrate(long, "djstripe")

    assert _schema(short) == _schema(long)
    assert len(_schema(short)) > 50
