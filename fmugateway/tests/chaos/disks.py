"""A small disk of its own for a site, which can be filled to the last byte and emptied again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import pytest

SIZE = "192m"
_MEBIBYTE, _PAGE = bytes(1 << 20), bytes(1 << 12)


@dataclass(frozen=True)
class SmallDisk:
    folder: Path

    @contextmanager
    def full(self) -> Iterator[None]:
        """Not a byte is left inside the block, whatever the site deletes meanwhile."""
        ballast, emptied = self.folder / "ballast", Event()
        with ballast.open("wb", buffering=0) as file:
            _fill(file.fileno())
            filling = Thread(target=_keep_full, args=(file.fileno(), emptied))
            filling.start()
            try:
                yield
            finally:
                emptied.set()
                filling.join()
                ballast.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A file system in memory, mounted at `folder`. Only root may mount: skipped for others."""
    if os.geteuid() != 0:
        pytest.skip("Only root can mount the small disk that this test fills.")
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", folder], check=True)
    try:
        yield SmallDisk(folder)
    finally:
        # Lazily: whatever the site left running may still have it open.
        subprocess.run(["umount", "--lazy", folder], check=True)


def _keep_full(file: int, emptied: Event) -> None:
    while not emptied.wait(0.005):
        _fill(file)


def _fill(file: int) -> None:
    for chunk in (_MEBIBYTE, _PAGE):
        with suppress(OSError):
            while True:
                os.write(file, chunk)
