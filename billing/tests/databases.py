"""A real database of each kind, migrated, for tests that race or die in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from fmugateway.testing.servers import Postgres

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Database:
    """environment: what makes a process of ours use it."""

    kind: str
    environment: Mapping[str, str]

    def run(self, *words: str) -> str:
        """What `python words...` prints on this database. Fails with what it complains of."""
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=200
        )
        assert done.returncode == 0, f"{' '.join(words)}: {done.stderr[-3000:]}"
        return done.stdout

    def manage(self, *words: str) -> str:
        return self.run("manage.py", *words)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Import it where it is used; mark the module with an xdist_group, so that it is made once."""
    folder = tmp_path_factory.mktemp(request.param)
    environment = {**os.environ, "DATA_DIR": str(folder)}
    environment.pop("DATABASE_URL", None)
    if request.param == "sqlite":
        yield from _sound(Database("sqlite", environment))
        return
    # pytest's own folders are closed to the user that PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="billing-postgres-") as name:
        Path(name).chmod(0o755)
        server = Postgres(Path(name) / "postgres")
        server.start()
        try:
            yield from _sound(Database("postgresql", {**environment, "DATABASE_URL": server.url}))
        finally:
            server.stop()


def _sound(database: Database) -> Iterator[Database]:
    """Shared by the tests of a module, each with accounts of its own; the ledger holds in the end."""
    database.manage("migrate", "--verbosity", "0")
    yield database
    database.manage("audit_ledger")
