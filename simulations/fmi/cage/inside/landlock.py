"""Landlock: the process itself gives up files, ports and signals, whatever the mounts would allow.

Files since Linux 5.13 (ABI 1), rename and link 5.19 (2), truncate 6.2 (3), TCP ports 6.7 (4), device ioctls 6.10 (5),
abstract sockets and signals to others 6.12 (6). Rights that this kernel does not know are left out.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from pathlib import Path

from simulations.fmi.cage.inside import kernel

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every architecture
_VERSION = 1

_EXECUTE, _WRITE, _READ, _LIST, _RMDIR, _UNLINK = (1 << bit for bit in range(6))
_MKDIR, _MKFILE, _SYMLINK, _REFER, _TRUNCATE, _IOCTL = 1 << 7, 1 << 8, 1 << 12, 1 << 13, 1 << 14, 1 << 15
_ALL_OF_ABI_1 = (1 << 13) - 1
_READING = _READ | _LIST
_WRITING = _READING | _WRITE | _RMDIR | _UNLINK | _MKDIR | _MKFILE | _SYMLINK | _REFER | _TRUNCATE
_FILE_ONLY = _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL
_TCP = 3  # bind, connect
_SCOPES = 3  # abstract unix sockets, signals


def abi() -> int:
    """The version of Landlock that the kernel speaks; 0 if it has none or it is switched off."""
    try:
        return kernel.syscall(_CREATE, None, 0, _VERSION, what="landlock")
    except OSError:
        return 0


def rules(*, read: Iterable[Path], write: Iterable[Path], execute: Iterable[Path] = ()) -> int:
    """A descriptor of the rules: only `read` can be read, only `write` changed, only `execute` started."""
    handled = _handled(abi())
    ruleset = _create(handled)
    for paths, rights in ((read, _READING), (write, _WRITING), (execute, _READING | _EXECUTE)):
        for path in paths:
            _allow(ruleset, path, rights & handled)
    return ruleset


def enforce(ruleset: int) -> None:
    """From now on, for this process and its threads. Needs no_new_privs."""
    kernel.syscall(_RESTRICT, ruleset, 0, what="landlock_restrict_self")
    os.close(ruleset)


def _handled(version: int) -> int:
    newer = ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL))
    return _ALL_OF_ABI_1 | sum(right for since, right in newer if version >= since)


def _create(handled: int) -> int:
    version = abi()
    attributes = struct.pack("=QQQ", handled, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    return kernel.syscall(_CREATE, attributes, size, 0, what="landlock_create_ruleset")


def _allow(ruleset: int, path: Path, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rights &= -1 if path.is_dir() else _FILE_ONLY
    kernel.syscall(_ADD, ruleset, 1, struct.pack("=Qi", rights, descriptor), 0, what=f"landlock_add_rule {path}")
    os.close(descriptor)
