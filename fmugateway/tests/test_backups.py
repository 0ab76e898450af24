"""Backups are tried, on both databases: what was there comes back, what came after is gone, the ledger is sound."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from billing.tests.databases import ROOT, Database, database

__all__ = ["database"]

pytestmark = pytest.mark.xdist_group("backups")

_RUN = """
from accounts.models import User
from billing.grants import grant
from billing.ledger import capture, hold
from billing.models import LotSource
user = User.objects.create_user('{name}@example.com')
grant(source=LotSource.GOODWILL, quantity=2, reference='test:{name}', user=user)
hold(reference='sim_{name}', user=user)
capture('sim_{name}')
"""
_WHO = """
from accounts.models import User
from billing.ledger import available, charged
print(sorted((user.email, available(user), charged('sim_' + user.email.split('@')[0])) for user in User.objects.all()))
"""
_FILE = """
from hashlib import sha256
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from simulations.models import Fmu
content = b"PK" + bytes(range(256))
archive = default_storage.save("fmus/kept.fmu", ContentFile(content))
Fmu.objects.create(sha256=sha256(content).hexdigest(), size=len(content), archive=archive)
"""
# Every table, every balance, and whether each file is the one that its row names.
_PORTRAIT = (
    _WHO
    + """
from hashlib import sha256
from django.apps import apps
from django.core.files.storage import default_storage
from simulations.models import Fmu
print({model._meta.label: model._base_manager.count() for model in apps.get_models(include_auto_created=True)})
print({fmu.sha256: sha256(default_storage.open(str(fmu.archive)).read()).hexdigest() for fmu in Fmu.objects.all()})
"""
)
_FORGE = """
from django.db import connection
connection.cursor().execute("UPDATE billing_creditentry SET delta = 1")
"""
_TABLES = "from django.db import connection; print(connection.introspection.table_names())"
# A customer who never stops, until somebody stops them.
_BUSY = """
import itertools
from billing.grants import grant
from billing.ledger import capture, hold
from billing.models import LotSource
from accounts.models import User
user = User.objects.create_user('busy@example.com')
grant(source=LotSource.GOODWILL, quantity=100000, reference='test:busy', user=user)
for number in itertools.count():
    hold(reference=f'sim_busy{number}', user=user)
    capture(f'sim_busy{number}')
    print(number, flush=True)
"""


def shell(database: Database, code: str) -> str:
    return database.manage("shell", "-v", "0", "-c", code).strip()


def test_a_restored_database_is_what_it_was(database: Database, tmp_path: Path) -> None:
    shell(database, _RUN.format(name="before"))
    database.manage("backup", str(tmp_path / "backup"))
    shell(database, _RUN.format(name="after"))
    assert "after@example.com" in shell(database, _WHO)
    database.manage("restore", str(tmp_path / "backup"))
    assert "before@example.com', 1, 1" in (restored := shell(database, _WHO))
    assert "after@example.com" not in restored
    database.manage("audit_ledger")
    shell(database, _RUN.format(name="again"))
    assert "again@example.com" in shell(database, _WHO)


def test_a_backup_is_for_its_owners_eyes_and_never_overwrites_another(database: Database, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    database.manage("backup", str(backup))
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with pytest.raises(AssertionError, match="exists already"):
        database.manage("backup", str(backup))


@pytest.mark.parametrize("content", [b"", b"not a backup at all" * 100])
def test_what_is_no_backup_changes_nothing(database: Database, tmp_path: Path, content: bytes) -> None:
    forged = tmp_path / "forged"
    forged.write_bytes(content)
    before = shell(database, _WHO)
    with pytest.raises(AssertionError, match=r"no intact database|pg_restore failed"):
        database.manage("restore", str(forged))
    assert shell(database, _WHO) == before


def test_another_machine_takes_over_with_every_row_every_file_and_every_guard(
    database: Database, tmp_path: Path
) -> None:
    """The disaster: this machine and its database are gone; there are a backup and a copy of the files."""
    shell(database, _RUN.format(name="disaster"))
    shell(database, _FILE)
    database.manage("backup", str(tmp_path / "backup"))
    subprocess.run(["cp", "-a", f"{database.environment['DATA_DIR']}/storage", tmp_path / "files"], check=True)
    other = elsewhere(database, tmp_path / "other", "disaster")
    shutil.copytree(tmp_path / "files", tmp_path / "other" / "storage")
    other.manage("restore", str(tmp_path / "backup"))
    assert (found := shell(other, _PORTRAIT)) == shell(database, _PORTRAIT)
    assert re.search(r"\{'(\w{64})': '\1'\}$", found)
    other.manage("audit_ledger")
    other.manage("migrate", "--check")
    with pytest.raises(AssertionError, match="append-only"):
        shell(other, _FORGE)


def test_a_backup_that_was_made_while_runs_were_charged_is_sound(database: Database, tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", _BUSY]
    with subprocess.Popen(command, cwd=ROOT, env=database.environment, stdout=subprocess.PIPE, text=True) as customer:
        assert customer.stdout is not None
        assert customer.stdout.readline() == "0\n"
        database.manage("backup", str(tmp_path / "backup"))
        customer.stdout.readline()
        assert customer.poll() is None, "nothing was written while the backup was made"
        customer.kill()
    other = elsewhere(database, tmp_path / "other", "busy")
    other.manage("restore", str(tmp_path / "backup"))
    assert "busy@example.com" in shell(other, _WHO)
    other.manage("audit_ledger")


def elsewhere(database: Database, data: Path, name: str) -> Database:
    """An empty database of the same kind, and a data folder of its own."""
    data.mkdir()
    environment = {**database.environment, "DATA_DIR": str(data)}
    if database.kind == "postgresql":
        shell(database, f"from django.db import connection; connection.cursor().execute('CREATE DATABASE {name}')")
        environment["DATABASE_URL"] = re.sub(r"/\w+$", f"/{name}", environment["DATABASE_URL"])
    return replace(database, environment=environment)


def test_a_newer_database_than_the_backup_is_left_alone(database: Database, tmp_path: Path) -> None:
    """On SQLite it becomes the older one; PostgreSQL would keep the newer tables, so it wants an empty database."""
    database.manage("backup", str(tmp_path / "backup"))
    shell(database, "from django.db import connection; connection.cursor().execute('CREATE TABLE of_tomorrow (a int)')")
    if database.kind == "sqlite":
        database.manage("restore", str(tmp_path / "backup"))
        assert "of_tomorrow" not in shell(database, _TABLES)
        return
    with pytest.raises(AssertionError, match=r"does not know \(of_tomorrow\)"):
        database.manage("restore", str(tmp_path / "backup"))
    shell(database, "from django.db import connection; connection.cursor().execute('DROP TABLE of_tomorrow')")
