"""What a process may use and may do: rlimits, identity, capabilities, no_new_privs."""

from __future__ import annotations

import os
import resource
import struct

from simulations.fmi.cage.inside import kernel

_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 4, 24, 38, 47
_CAPABILITIES_V3 = 0x20080522
_THREADS = 64
_OPEN_FILES = 256
_STACK = 8 << 20


def limit(*, cpu_seconds: int, address_space: int, file_bytes: int) -> None:
    """Rlimits (as old as Linux). SIGXCPU and SIGXFSZ tell which one was hit; a second later SIGKILL follows SIGXCPU."""
    for kind, bound in (
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_NPROC, _THREADS),
        (resource.RLIMIT_STACK, _STACK),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_NICE, 0),
        (resource.RLIMIT_RTPRIO, 0),
    ):
        resource.setrlimit(kind, (bound, bound))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))


def become(uid: int) -> None:
    """Change to a user that owns nothing, for good. Needs root."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def leave_user_namespace() -> None:
    """Enter a user namespace that maps nobody (Linux 3.8): no capability counts outside it.

    RLIMIT_NPROC is counted per namespace since Linux 5.14, so one job's threads do not use up another's.
    """
    os.unshare(os.CLONE_NEWUSER)


def drop_capabilities() -> None:
    """No capability now, none to gain later: bounding set, ambient set, then all three sets."""
    for capability in range(64):
        if kernel.libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break
    kernel.libc.prctl(_PR_CAP_AMBIENT, 4, 0, 0, 0)
    header = struct.pack("=Ii", _CAPABILITIES_V3, 0)
    kernel.checked(kernel.libc.capset(header, struct.pack("=6I", *[0] * 6)), "capset")


def seal() -> None:
    """no_new_privs (Linux 3.5): setuid files give nothing. Not dumpable: no ptrace, no core, even through a pipe."""
    kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(_PR_SET_DUMPABLE, 0)
