"""Wakes the workers of this machine when something is queued, so that they need not look every millisecond.

Only a shortcut: workers of other machines, and a bell that nobody heard, are covered by looking every now and then.
One named pipe a worker; a byte in it is a ring.
"""

from __future__ import annotations

import errno
import os
import select
from pathlib import Path

from django.conf import settings


class Bell:
    """A worker's own bell."""

    def __init__(self) -> None:
        _folder().mkdir(parents=True, exist_ok=True)
        self._path = _folder() / str(os.getpid())
        self._path.unlink(missing_ok=True)
        os.mkfifo(self._path, 0o600)
        # Open for writing as well: without a writer a pipe is always at its end and select would not wait.
        self._pipe = os.open(self._path, os.O_RDWR | os.O_NONBLOCK)

    def wait(self, seconds: float) -> None:
        """Until somebody rings, or rang since the last time, or the time is over."""
        ready, _, _ = select.select([self._pipe], [], [], seconds)
        if ready:
            os.read(self._pipe, select.PIPE_BUF)

    def close(self) -> None:
        os.close(self._pipe)
        self._path.unlink(missing_ok=True)


def ring() -> None:
    """Wake every worker of this machine."""
    for path in _folder().glob("*"):
        try:
            pipe = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno == errno.ENXIO:  # its worker died
                path.unlink(missing_ok=True)
            continue
        try:
            os.write(pipe, b"!")
        except BlockingIOError:
            pass  # full of rings already
        finally:
            os.close(pipe)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "bells"
