"""Named pipes by which the processes of one machine tell each other something: each reads its own, others write to all.

Only shortcuts go through them: a full pipe drops what is written, so whoever reads looks for itself now and then too.
"""

from __future__ import annotations

import errno
import os
import select
from pathlib import Path


class Pipe:
    """This process's own pipe in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / str(os.getpid())
        self._path.unlink(missing_ok=True)
        os.mkfifo(self._path, 0o600)
        # Open for writing as well: without a writer a pipe is always at its end and select would not wait.
        self._pipe = os.open(self._path, os.O_RDWR | os.O_NONBLOCK)

    def read(self, seconds: float) -> bytes:
        """What was written since the last time, as soon as there is something; empty when the time is over."""
        ready, _, _ = select.select([self._pipe], [], [], seconds)
        return os.read(self._pipe, 1 << 16) if ready else b""

    def close(self) -> None:
        os.close(self._pipe)
        self._path.unlink(missing_ok=True)


def write(folder: Path, message: bytes) -> None:
    """Into every pipe of the folder. At most select.PIPE_BUF bytes, so that messages do not mix."""
    for path in folder.glob("*"):
        try:
            pipe = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno == errno.ENXIO:  # its reader died
                path.unlink(missing_ok=True)
            continue
        try:
            os.write(pipe, message)
        except (BlockingIOError, BrokenPipeError):
            pass  # it is full, or its reader has gone since it was opened
        finally:
            os.close(pipe)
