"""How a zygote was started: told once, on its command line."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from enum import StrEnum

# Stands in a compiled filter where the process's own id belongs, which is known only at the last moment.
OWN_PID = 0x3EEDC0DE


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """Compiled system call filters: watch reports forbidden calls, guard decides the rest; strict does both alone."""

    watch: bytes
    guard: bytes
    strict: bytes

    def dump(self) -> dict[str, str]:
        return {name: b64encode(getattr(self, name)).decode() for name in ("watch", "guard", "strict")}

    @classmethod
    def load(cls, fields: dict[str, str]) -> Filters:
        return cls(**{name: b64decode(text) for name, text in fields.items()})


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
    filters: Filters | None
    samples: str | None = None

    def dump(self) -> str:
        return json.dumps(asdict(self) | {"filters": self.filters.dump() if self.filters else None})

    @classmethod
    def load(cls, text: str) -> Setting:
        fields = json.loads(text)
        return cls(
            isolation=Isolation(fields["isolation"]),
            control=fields["control"],
            readable=tuple(fields["readable"]),
            executable=tuple(fields["executable"]),
            filters=Filters.load(fields["filters"]) if fields["filters"] else None,
            samples=fields["samples"],
        )
