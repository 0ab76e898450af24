"""What the processes of a cage hold, read from /proc."""

from __future__ import annotations

from pathlib import Path

from simulations.fmi.cage.door import Cage


def zygote_pid(cage: Cage) -> int:
    """Below bubblewrap and below its pid 1."""
    zygote = cage._cell.zygote
    if zygote is None:
        raise ValueError("The cage has no zygote.")
    return _child(_child(zygote.process.pid))


def _child(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def private_and_shared_bytes(cage: Cage) -> int:
    """Resident memory of the zygote, shared pages counted in proportion (PSS)."""
    lines = Path(f"/proc/{zygote_pid(cage)}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def open_descriptors(pid: int | str) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def mounts(pid: int | str) -> int:
    return len(Path(f"/proc/{pid}/mountinfo").read_text().splitlines())
