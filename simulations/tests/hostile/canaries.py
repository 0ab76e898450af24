"""What an attacker would go for, laid out so that the tests can see whether somebody was there."""

from __future__ import annotations

import ctypes
import os
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SECRET = b"a secret of the server"


@dataclass(frozen=True, slots=True)
class Canaries:
    """A file, four listening sockets, a piece of this process's memory, another user's FMU in the store."""

    folder: Path
    sockets: dict[str, socket.socket]
    store: Path
    other_fmu: str
    memory: ctypes.Array[ctypes.c_char] = field(default_factory=lambda: ctypes.create_string_buffer(SECRET))

    @property
    def file(self) -> Path:
        return self.folder / "canary.txt"

    def header(self) -> str:
        """The targets for the C sources."""
        tcp = self.sockets["tcp"].getsockname()[1]
        targets: dict[str, object] = {
            "FILE": f'"{self.file}"',
            "FOLDER": f'"{self.folder}"',
            "STORE": f'"{self.store}"',
            "FMU": f'"{self.other_fmu}"',
            "TCP_PORT": tcp,
            "TCP_PORT_TEXT": f'"{tcp}"',
            "UDP_PORT": self.sockets["udp"].getsockname()[1],
            "SOCKET": f'"{self.folder}/socket"',
            "ABSTRACT": f'"{_abstract(self.folder)}"',
            "PID": os.getpid(),
            "ADDRESS": hex(ctypes.addressof(self.memory)),
        }
        return "".join(f"#define CANARY_{name} {value}\n" for name, value in targets.items())

    def touched(self) -> list[str]:
        """What somebody changed, made or knocked at."""
        found = [name for name, one in self.sockets.items() if select.select([one], [], [], 0)[0]]
        found += [path.name for path in self.folder.iterdir() if path.name not in {"canary.txt", "socket"}]
        if self.file.read_bytes() != SECRET or self.memory.value != SECRET:
            found.append("the secret")
        return found


@contextmanager
def laid_out(folder: Path, *, store: Path, other_fmu: str) -> Iterator[Canaries]:
    """Readable and writable by everybody, so that only the cage stands before them."""
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX) as path,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        udp.bind(("127.0.0.1", 0))
        path.bind(f"{folder}/socket")
        abstract.bind(f"\0{_abstract(folder)}")
        for listener in (path, abstract):
            listener.listen()
        canaries = Canaries(folder, {"tcp": tcp, "udp": udp, "path": path, "abstract": abstract}, store, other_fmu)
        canaries.file.write_bytes(SECRET)
        yield canaries


def _abstract(folder: Path) -> str:
    return f"canary-{os.getpid()}-{folder.parent.name}"
