"""Bounds that the operating system puts on one analysis."""

from __future__ import annotations

import contextlib
import os
import resource
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

_MIB = 1024 * 1024
_MORE_TIME_BYTES = 100_000_000  # for each of so many octets a document has a second more: a slow machine reads so fast
_LARGE_BYTES = 512 * _MIB
_LARGEST_BYTES = 4096 * _MIB
_MEMORY_SHARE = 8  # of one document; three of them may be in memory with two workers
_CGROUP_MEMORY = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLimits:
    """Bounds of one worker process and of the documents it is given."""

    # Of processor time, and by the clock without the time for which the worker waited for a processor (see `patience`).
    soft_s: float = 8.0  # for one document, after which its worker says what it has found so far
    cpu_s: int = 10  # the same, after which the worker is killed
    wall_s: float = 50.0  # by the clock alone, where a busy machine leaves workers little of a processor
    grace_s: float = 10.0  # after that, for what was found by then to arrive; then the worker is killed
    address_space_bytes: int = 1024 * _MIB
    open_files: int = 32
    niceness: int = 15  # beside an intake that needs all processors, a worker takes a thirtieth of one
    document_bytes_max: int = _LARGE_BYTES  # larger ones are not analysed: their plaintext would fill the memory
    documents_per_worker: int = 10_000
    idle_s: float = 60.0  # a worker without work ends after this
    reply_bytes_max: int = 16 * _MIB

    @classmethod
    def for_memory(cls, memory_bytes: int) -> Self:
        """Documents as large as a machine with so much memory has room for, and workers that can map them."""
        most = min(max(_LARGE_BYTES, memory_bytes // _MEMORY_SHARE), _LARGEST_BYTES)
        bounds = cls()
        room = bounds.address_space_bytes + most - _LARGE_BYTES
        return replace(bounds, document_bytes_max=most, address_space_bytes=room)

    def for_document(self, size_bytes: int) -> Self:
        """More time for a document that is large."""
        more_s = size_bytes // _MORE_TIME_BYTES
        if more_s == 0:
            return self
        return replace(self, soft_s=self.soft_s + more_s, cpu_s=self.cpu_s + more_s, wall_s=self.wall_s + more_s)


def memory_bytes() -> int:
    """What this process and its children may have: the machine's memory, or less where a container says so."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(machine, int(_CGROUP_MEMORY.read_text()))
    except (OSError, ValueError):  # there is none, or it is "max"
        return machine


def bind_process(limits: PoolLimits) -> None:
    """Bind the calling process for good: no growth beyond the address space, no file written, no core dumped."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.address_space_bytes, limits.address_space_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold the document in plain
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits.open_files, limits.open_files))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))  # no further process (does not bind root)


def give_way(niceness: int) -> None:
    """Have the calling process run where others leave a processor, and take none from one that runs."""
    os.nice(niceness)
    if niceness and hasattr(os, "SCHED_BATCH"):
        with contextlib.suppress(OSError):  # a container may forbid it; niceness does most of it
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def allow_cpu(seconds: int) -> None:
    """Let the calling process use so many further seconds of processor time before the system ends it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used_s = int(usage.ru_utime + usage.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used_s + seconds, hard))
