"""Loading the system call filters that the trusted side compiled, and hearing of forbidden calls.

seccomp-bpf: Linux 3.5. A listener, which a filter asks before it lets a call pass: Linux 5.0.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import struct

from simulations.fmi.cage.inside import kernel
from simulations.fmi.cage.setting import OWN_PID

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_SET_MODE_FILTER, _NEW_LISTENER = 1, 8
_RECEIVE = 0xC0502100  # SECCOMP_IOCTL_NOTIF_RECV
_NOTIFICATION_BYTES, _NUMBER_AT = 80, 16
_INSTRUCTION_BYTES = 8


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def install(bpf: bytes) -> None:
    """From now on the kernel checks every system call of this process and its threads. Needs no_new_privs."""
    own = bpf.replace(struct.pack("=I", OWN_PID), struct.pack("=I", os.getpid()))
    kernel.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(_program(own)))


def listen(bpf: bytes) -> int:
    """Install a filter that reports; the descriptor that it reports on. OSError where somebody listens already."""
    number = _SECCOMP[os.uname().machine]
    return kernel.syscall(number, _SET_MODE_FILTER, _NEW_LISTENER, ctypes.byref(_program(bpf)), what="seccomp")


def reported(listener: int) -> int:
    """The number of the call that a process is waiting in. Raises OSError when that process has gone."""
    notification = bytearray(_NOTIFICATION_BYTES)
    fcntl.ioctl(listener, _RECEIVE, notification)
    return int(struct.unpack_from("=i", notification, _NUMBER_AT)[0])


def _program(bpf: bytes) -> _Program:
    return _Program(len(bpf) // _INSTRUCTION_BYTES, bpf)
