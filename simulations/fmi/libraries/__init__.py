"""Shared libraries of older compilers that FMUs were linked against; `assemble` gathers them into one folder.

The folder is not in the repository: the runtime image and `make run` fill it once. The cage shows it under a path of
its own, which FMU_LIBRARIES names.
"""

from __future__ import annotations

import os
from pathlib import Path

_PROJECT = Path(__file__).parents[3]


def folder() -> Path:
    return Path(os.environ.get("FMU_LIBRARIES") or _PROJECT / "var" / "libraries")
