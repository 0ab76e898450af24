"""Tasks for tests of the queue: what they did stands in a file."""

from __future__ import annotations

import time
from pathlib import Path

from django.tasks import task


@task
def note(path: str, line: str) -> None:
    """Append one line."""
    with Path(path).open("a") as file:
        file.write(f"{line}\n")


@task
def note_slowly(path: str, line: str) -> None:
    """Long enough to be interrupted."""
    note.func(path, f"{line} begins")
    time.sleep(2)
    note.func(path, f"{line} ends")


def not_a_task(path: str) -> None:
    """What a stranger with access to the broker might ask for."""
    note.func(path, "called")
