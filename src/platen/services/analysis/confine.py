"""What the system keeps the calling process from for good: a network, and other programs.

A seccomp filter (Linux, Documentation/userspace-api/seccomp_filter.rst) looks at the number of each system call. It
needs no privilege and cannot be taken off.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

_ACTIONS = Path("/proc/sys/kernel/seccomp/actions_avail")
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _MODE_FILTER = 22, 38, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ, BPF_JMP|JGE, BPF_RET
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4  # in struct seccomp_data
_ALLOW, _REFUSE = 0x7FFF_0000, 0x0005_0000 | errno.EPERM
_OTHER_NUMBERS = 0x4000_0000  # from here on x86 numbers the same calls a second time (x32)


@dataclass(frozen=True, slots=True)
class _Machine:
    """How a processor's Linux names itself (AUDIT_ARCH) and numbers what is refused."""

    architecture: int
    refused: tuple[int, ...]  # socket, io_uring_setup (which opens sockets as well), execve, execveat


_MACHINES = {
    "x86_64": _Machine(0xC000_003E, (41, 425, 59, 322)),
    "aarch64": _Machine(0xC000_00B7, (198, 425, 221, 281)),
}


def can_confine() -> bool:
    """Whether this system has what `confine` needs."""
    return sys.platform == "linux" and platform.machine() in _MACHINES and _ACTIONS.exists()


def confine() -> None:
    """No further socket, no other program, for this process and those that it starts.

    Nothing happens where the system cannot do it. Raises: OSError where it should and does not.
    """
    if not can_confine():
        return
    program = ctypes.create_string_buffer(_program(_MACHINES[platform.machine()]))
    head = ctypes.create_string_buffer(struct.pack("HP", len(program.raw) // 8, ctypes.addressof(program)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    zero = ctypes.c_ulong(0)
    if prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero) or prctl(
        _PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), head, zero, zero
    ):
        raise OSError(ctypes.get_errno(), "the analysis could not be kept from the network")


def _program(machine: _Machine) -> bytes:
    """The filter: struct sock_filter, one after the other."""
    refused = machine.refused
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 0, len(refused) + 3, machine.architecture),  # another one's numbers mean other things
        (_LOAD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, len(refused) + 1, 0, _OTHER_NUMBERS),
        *((_EQUAL, len(refused) - index, 0, number) for index, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
