"""What an intake unpacked, checked once more from outside, then put into the store in one step."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from simulations.fmi.errors import SandboxError


def accept(folder: Path, target: Path) -> None:
    """Move `folder` to `target`. When another worker was faster, its copy of the same bytes stays.

    Raises SandboxError, as `check` does.
    """
    check(folder)
    try:
        folder.rename(target)
    except OSError:
        if not target.is_dir():
            raise


def check(folder: Path) -> None:
    """Raises SandboxError when the folder holds what the rules for archives exclude: the reader was subverted."""
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            mode = (Path(path) / name).lstat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise SandboxError(f"The unpacked archive holds something that is neither file nor folder: {name!r}.")
