"""Started as root: shows the cage's folders to an unprivileged user, becomes that user, and executes bubblewrap.

bubblewrap must not run as root (it would map root to root), and the unprivileged user may not reach the interpreter or
the checkout (/root has mode 700). So each folder is bound to a numbered name on a private tmpfs that only this process
tree sees. It is bound from an open descriptor, since the tmpfs may cover the folder that its path leads through.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

from simulations.fmi.cage import bubblewrap
from simulations.fmi.cage.inside import kernel, privileges
from simulations.fmi.cage.view import Bind

# Owns nothing on this machine, and is not `nobody`, who may own files of an NFS share.
UID = 47047
_STAGE = next(path for path in map(Path, ("/run", "/mnt", "/tmp")) if path.is_dir())  # noqa: S108


def main() -> None:
    """argv: the bubblewrap executable, the binds as JSON, the zygote's setting."""
    executable, listed, setting = sys.argv[1:]
    binds = [Bind(Path(source), Path(target), writable) for source, target, writable in json.loads(listed)]
    staged = _stage(binds)
    os.umask(0o022)
    privileges.become(UID)
    os.execv(executable, bubblewrap.command(executable, staged, setting))  # noqa: S606


def command(executable: str, binds: list[Bind], setting: str) -> list[str]:
    """The command that starts this module with the interpreter and the path of the caller."""
    listed = json.dumps([(str(bind.source), str(bind.target), bind.writable) for bind in binds])
    path = [str(Path(entry).absolute()) for entry in sys.path]
    start = f"import sys; sys.path[:] = {path!r}; from {__name__} import main; main()"
    return [sys.executable, "-I", "-S", "-c", start, executable, listed, setting]


def _stage(binds: list[Bind]) -> list[Bind]:
    """The same folders at places that anybody can reach; as they are where root may not mount (a container's root)."""
    try:
        os.unshare(os.CLONE_NEWNS)
    except PermissionError:
        return binds
    sources = [os.open(bind.source, os.O_PATH | os.O_CLOEXEC) for bind in binds]
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("cage", str(_STAGE), "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=1m,mode=755")
    return [_show(source, _STAGE / str(number), binds[number]) for number, source in enumerate(sources)]


def _show(source: int, place: Path, bind: Bind) -> Bind:
    if stat.S_ISDIR(os.fstat(source).st_mode):
        place.mkdir()
    else:
        place.touch()
    kernel.mount(f"/proc/self/fd/{source}", str(place), None, kernel.MS_BIND | kernel.MS_REC)
    os.close(source)
    return Bind(place, bind.target, bind.writable)
