"""Connections from the pool: a short wait while the server is away, a longer one while all of them are in use."""

from __future__ import annotations

import time
from typing import Any, ClassVar

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool, PoolTimeout

# A server that is restarted is waited for, and so is a connection that others have.
AWAY_SECONDS, BUSY_SECONDS = 2.0, 20.0
# Each turn makes a pool that lost its connections try to connect again; a long one keeps its place in the queue.
TURN_SECONDS, BUSY_TURN_SECONDS = 0.25, 1.0
# Whoever comes so soon after others waited in vain hears it at once.
KNOWN_SECONDS = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks the pool in turns, short ones while there is trouble with the server."""

    _known_until: ClassVar[float] = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        """One that works. Raises psycopg's OperationalError."""
        if time.monotonic() < DatabaseWrapper._known_until:
            raise OperationalError("PostgreSQL did not answer a moment ago.")
        began, failed = time.monotonic(), self._failures()
        is_busy = True
        while True:
            # Everybody's pool: a turn may last as long as another thread wants, which changes nothing in the end.
            self.pool.timeout = BUSY_TURN_SECONDS if is_busy else TURN_SECONDS
            try:
                return self._checked(super().get_new_connection(conn_params))
            except OperationalError as error:
                is_busy = isinstance(error, PoolTimeout) and self._failures() == failed
                if time.monotonic() - began > (BUSY_SECONDS if is_busy else AWAY_SECONDS):
                    DatabaseWrapper._known_until = 0.0 if is_busy else time.monotonic() + KNOWN_SECONDS
                    raise

    def _checked(self, connection: Connection[Any]) -> Connection[Any]:
        """A server that was restarted has forgotten those in the pool: each fails at once and is replaced."""
        try:
            ConnectionPool.check_connection(connection)
        except OperationalError:
            self.pool.putconn(connection)
            raise
        return connection

    def _failures(self) -> int:
        """How often the pool could not connect, ever."""
        return int(self.pool.get_stats().get("connections_errors", 0))
