"""The command that builds the cage's static root with bubblewrap and starts the zygote in it.

New user, mount, pid, network, ipc, uts and (Linux 4.6) cgroup namespaces; a read-only root; no /proc, no /etc, no home.
The zygote keeps CAP_SYS_ADMIN of its own user namespace (Linux 3.8), to mount each job's view; on the machine outside
that is worth nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from simulations.fmi.cage import places, view
from simulations.fmi.cage.view import Bind

_NAMESPACES = ("user", "pid", "net", "ipc", "uts", "cgroup-try")
_MODULE = "simulations.fmi.cage.inside.zygote"


def command(bubblewrap: str, binds: Iterable[Bind], setting: str) -> list[str]:
    """The whole command line; `setting` is a dumped Setting."""
    return [
        bubblewrap,
        *[f"--unshare-{name}" for name in _NAMESPACES],
        *("--hostname", "cage", "--new-session", "--die-with-parent"),
        *("--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN"),
        *_mounts(binds),
        *("--dir", str(places.FMU), "--dir", str(places.SCRATCH), "--remount-ro", "/", "--chdir", "/", "--"),
        *zygote(view.python_executable(), [places.CODE, places.SITE], setting),
    ]


def zygote(executable: Path, path: Sequence[Path], setting: str) -> list[str]:
    """Python, isolated from environment, user site and site-packages, with exactly these folders to import from."""
    start = f"import sys; sys.path += {[str(p) for p in path]!r}; from {_MODULE} import main; main()"
    return [str(executable), "-I", "-S", "-B", "-c", start, setting]


def _mounts(binds: Iterable[Bind]) -> list[str]:
    options: list[str] = []
    for bind in binds:
        options += ["--bind" if bind.writable else "--ro-bind", str(bind.source), str(bind.target)]
    for device in view.DEVICES:
        options += ["--dev-bind", device, device]
    return options
