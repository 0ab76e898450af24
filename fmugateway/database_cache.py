"""Django's cache in a table, made fit for counting: what there is where CACHE_URL names no Redis."""

from __future__ import annotations

import base64
import pickle
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router
from django.utils import timezone

# Django's 300 would throw away counters of this minute. So many live ones there never are; `prune` does the rest.
MAX_ENTRIES = 1_000_000
_READ = "SELECT value FROM {table} WHERE cache_key = %s AND expires >= %s"
_REPLACE = "UPDATE {table} SET value = %s WHERE cache_key = %s AND value = %s"
_PRUNE = "DELETE FROM {table} WHERE expires < %s"


class CountingDatabaseCache(DatabaseCache):
    """Django's own incr reads, adds and writes, so that of two at once one is forgotten, and sets another end."""

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(table, {"OPTIONS": {"MAX_ENTRIES": MAX_ENTRIES}} | params)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Exact on every database: written over the value that was read and over no other, else tried again.

        The key ends when it would have. Raises ValueError when there is none, as on Redis.
        """
        name = self.make_and_validate_key(key, version=version)
        while (found := self._read(name)) is not None:
            value = _unpacked(found) + delta
            if self._write(_REPLACE, self._packed(value), name, found):
                return value
        raise ValueError(f"Key '{key}' not found.")

    def prune(self) -> int:
        """Delete what has ended. Django would wait for MAX_ENTRIES, and counts all rows whenever it writes one."""
        return self._write(_PRUNE, self._now())

    def _read(self, name: str) -> str | None:
        with self._connection.cursor() as cursor:
            cursor.execute(self._on_table(_READ), [name, self._now()])
            row = cursor.fetchone()
        return str(row[0]) if row else None

    def _write(self, statement: str, *values: object) -> int:
        """How many rows it changed."""
        with self._connection.cursor() as cursor:
            cursor.execute(self._on_table(statement), values)
            return int(cursor.rowcount)

    def _packed(self, value: int) -> str:
        """As Django's get will read it."""
        return base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode()

    def _on_table(self, statement: str) -> str:
        return statement.format(table=self._connection.ops.quote_name(self.cache_model_class._meta.db_table))

    def _now(self) -> Any:
        """Without microseconds, as Django writes the ends."""
        return self._connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))

    @property
    def _connection(self) -> Any:
        return connections[router.db_for_write(self.cache_model_class)]


def _unpacked(found: str) -> int:
    return int(pickle.loads(base64.b64decode(found)))  # noqa: S301  only this class and Django's write there
