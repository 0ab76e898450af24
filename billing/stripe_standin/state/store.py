"""Keep Stripe objects by id in one SQLite file, one transaction at a time."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

type Obj = dict[str, Any]
"""A Stripe object as JSON. Fields that start with an underscore are ours and never leave the stand-in."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS object_kind ON object (kind, seq);
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, request_id TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT, endpoint TEXT NOT NULL, event TEXT NOT NULL, attempt INTEGER NOT NULL,
    due REAL NOT NULL, state TEXT NOT NULL, status INTEGER, milliseconds INTEGER, answer TEXT);
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (state, due);
"""


class Store:
    """Objects read inside a transaction are shared and written back at its end, so callers simply change them."""

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._loaded: dict[str, Obj] = {}
        self._written: dict[str, str] = {}
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept, or nothing when it raises. Other threads wait."""
        with self._lock:
            if self._depth:
                yield
                return
            self._depth, self._loaded, self._written = 1, {}, {}
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._flush()
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            finally:
                self._depth, self._loaded, self._written = 0, {}, {}

    def add(self, obj: Obj) -> Obj:
        body = json.dumps(obj)
        self._db.execute("INSERT INTO object (id, kind, body) VALUES (?, ?, ?)", (obj["id"], obj["object"], body))
        return self._remember(obj, body)

    def get(self, id_: str, kind: str | None = None) -> Obj | None:
        """The object with this id, if it is of this kind."""
        obj = self._loaded.get(id_) or self._load(id_)
        return obj if obj and kind in (None, obj["object"]) else None

    def clear(self) -> None:
        for table in ("object", "idempotency", "delivery"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 our own names
        self._loaded.clear()

    def remove(self, id_: str) -> None:
        self._db.execute("DELETE FROM object WHERE id = ?", (id_,))
        self._loaded.pop(id_, None)

    def find(
        self,
        kind: str,
        where: Mapping[str, object] | None = None,
        *,
        after: str | None = None,
        before: str | None = None,
        limit: int = -1,
    ) -> list[Obj]:
        """Newest first. `where` maps a dotted path to a value, or to a list of allowed values."""
        self._flush()
        clauses, values = ["kind = ?"], [kind]
        for path, wanted in (where or {}).items():
            allowed = wanted if isinstance(wanted, list) else [wanted]
            clauses.append(f"json_extract(body, ?) IN ({', '.join('?' * len(allowed))})")
            values += [f"$.{path}", *allowed]
        for sign, cursor in (("<", after), (">", before)):
            if cursor:
                clauses.append(f"seq {sign} (SELECT seq FROM object WHERE id = ?)")  # noqa: S608 sign is ours
                values.append(cursor)
        order = "ASC" if before else "DESC"
        query = f"SELECT id, body FROM object WHERE {' AND '.join(clauses)} ORDER BY seq {order} LIMIT ?"  # noqa: S608 only our own words are joined in
        rows = self._db.execute(query, (*values, limit)).fetchall()
        found = [self._loaded.get(id_) or self._remember(json.loads(body), body) for id_, body in rows]
        return found[::-1] if before else found

    def execute(self, query: str, *values: object) -> list[sqlite3.Row]:
        """Plain SQL on the other tables."""
        with self._lock:
            cursor = self._db.cursor()
            cursor.row_factory = sqlite3.Row
            return cursor.execute(query, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _load(self, id_: str) -> Obj | None:
        row = self._db.execute("SELECT body FROM object WHERE id = ?", (id_,)).fetchone()
        return self._remember(json.loads(row[0]), row[0]) if row else None

    def _remember(self, obj: Obj, body: str) -> Obj:
        if self._depth:
            self._loaded[obj["id"]], self._written[obj["id"]] = obj, body
        return obj

    def _flush(self) -> None:
        """Write what changed since it was read."""
        for id_, obj in self._loaded.items():
            body = json.dumps(obj)
            if body != self._written[id_]:
                self._db.execute("UPDATE object SET body = ? WHERE id = ?", (body, id_))
                self._written[id_] = body
