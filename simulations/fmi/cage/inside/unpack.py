"""The rules for an archive."""

import os
import zipfile
from pathlib import Path

from simulations.fmi.limits import IntakeLimits


def unpack(archive: int, folder: Path, limits: IntakeLimits) -> None:
    with zipfile.ZipFile(os.fdopen(archive, "rb")) as z:
        z.extractall(folder)
