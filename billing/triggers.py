"""The last guard of the two ledgers: the database itself refuses to change or delete their rows.

Installed after each migrate, because SQLite drops the triggers of a table that a migration rebuilds.
SQLite has no guard against DELETE: Django empties its tables row by row between transactional tests. There
`audit_ledger` sees a missing row, as every sum is also kept on its lot.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

TABLES = ("billing_creditentry", "billing_cashentry")

SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_append_only BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRESQL = """
CREATE OR REPLACE FUNCTION billing_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION billing_append_only();
"""
STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def install(using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    connection = connections[using]
    existing = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in TABLES:
            if table in existing and connection.vendor in STATEMENTS:
                cursor.execute(STATEMENTS[connection.vendor].format(table=table))
