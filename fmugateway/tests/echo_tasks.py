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
def note_and_stay(path: str, line: str) -> None:
    """Append one line, then hang as a long run does."""
    note.func(path, line)
    time.sleep(600)


def not_a_task(path: str) -> None:
    """What a stranger with access to the broker might ask for."""
    note.func(path, "called")
