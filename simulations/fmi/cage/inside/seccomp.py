"""Loading the system call filter that the trusted side compiled (seccomp-bpf, Linux 3.5; KILL_PROCESS 4.14)."""

from __future__ import annotations

import ctypes
import os
import struct

from simulations.fmi.cage.inside import kernel

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_INSTRUCTION_BYTES = 8
# Stands in the compiled filter where the process's own id belongs, which is known only at the last moment.
OWN_PID = 0x3EEDC0DE


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def install(bpf: bytes) -> None:
    """From now on the kernel checks every system call of this process and its threads. Needs no_new_privs."""
    own = bpf.replace(struct.pack("=I", OWN_PID), struct.pack("=I", os.getpid()))
    program = _Program(len(own) // _INSTRUCTION_BYTES, own)
    kernel.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program))
