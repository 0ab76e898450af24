"""Backups are tried, on both databases: what was there comes back, what came after is gone, the ledger is sound."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from billing.tests.databases import Database, database

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
