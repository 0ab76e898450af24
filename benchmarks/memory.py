"""What the processes of a cage hold."""

from __future__ import annotations

from pathlib import Path

import psutil

from fmugateway.testing import processes
from simulations.fmi.cage.door import Cage


def zygote(cage: Cage) -> psutil.Process:
    """Below bubblewrap and below its pid 1."""
    bubblewrap = cage._cell.zygote
    if bubblewrap is None:
        raise ValueError("The cage has no zygote.")
    return psutil.Process(processes.below(bubblewrap.process.pid)[1])


def mounts(process: psutil.Process) -> int:
    return len(Path(f"/proc/{process.pid}/mountinfo").read_text().splitlines())
