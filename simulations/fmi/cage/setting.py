"""How a zygote was started: told once, on its command line."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from enum import StrEnum


class Isolation(StrEnum):
    """Which walls a zygote can build around a job."""

    NAMESPACES = "namespaces"  # bubblewrap's root, namespaces, Landlock, seccomp
    LANDLOCK = "landlock"  # Landlock, seccomp, a user of its own where root allows it
    NOTHING = "nothing"  # rlimits only


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """control is the descriptor of the socket that jobs come from.

    readable, executable: what Landlock leaves to read beside the FMU, and to start.
    samples: the folder of our own FMUs, as seen inside.
    """

    isolation: Isolation
    control: int
    readable: tuple[str, ...]
    executable: tuple[str, ...]
    bpf: bytes
    samples: str | None = None

    def dump(self) -> str:
        return json.dumps(asdict(self) | {"bpf": b64encode(self.bpf).decode()})

    @classmethod
    def load(cls, text: str) -> Setting:
        fields = json.loads(text)
        return cls(
            isolation=Isolation(fields["isolation"]),
            control=fields["control"],
            readable=tuple(fields["readable"]),
            executable=tuple(fields["executable"]),
            bpf=b64decode(fields["bpf"]),
            samples=fields["samples"],
        )
