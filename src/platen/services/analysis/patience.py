"""How long a process that looks into a document is waited for.

Time by the clock counts in which it could have gone on: while it computes, sleeps, waits for something or stands
still. Time for which the machine had no processor for it does not, as honest documents would be given up whenever a
machine is busy; a bound by the clock alone is far behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from platen.services.analysis.limits import PoolLimits

_LOOK_S = 0.25
_CAUGHT = re.compile(rb"^SigCgt:\s*([0-9a-f]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A process at a moment, as Linux counts it."""

    at_s: float
    ran_s: float = 0.0
    waited_s: float = 0.0  # for a processor; added when it gets one
    is_ready: bool = False  # it would run if it had a processor


class Patience:
    """Adds up the time of one process from what is seen of it now and then."""

    def __init__(self, first: Seen) -> None:
        self.counted_s = 0.0
        self.elapsed_s = 0.0
        self._last = first

    def look(self, seen: Seen, look_s: float = _LOOK_S) -> None:
        """The next moment; one looks every `look_s`."""
        last, self._last = self._last, seen
        passed_s = seen.at_s - last.at_s
        self.elapsed_s += passed_s
        waited_s = seen.waited_s - last.waited_s
        if seen.is_ready and seen.ran_s == last.ran_s and waited_s == 0:
            return  # it waits for a processor since before the last look
        # Who looks late had no processor either: what the process wrote meanwhile may lie there unread.
        self.counted_s += max(0.0, min(passed_s, 2 * look_s) - waited_s)


@contextlib.asynccontextmanager
async def bounded(pid: int, limits: PoolLimits) -> AsyncIterator[None]:
    """Do something that waits for the process.

    After `soft_s`, or `wall_s` by the clock, the process gets a SIGALRM: it says what it has found so far. (A program
    that does not listen for it, as Ghostscript, has until the end.)
    Raises: TimeoutError after `cpu_s`, or `grace_s` after `wall_s`.
    """
    async with asyncio.timeout(None) as bound:
        watch = _Watch(pid, limits, bound)
        try:
            yield
        finally:
            watch.end()


class _Watch:
    def __init__(self, pid: int, limits: PoolLimits, bound: asyncio.Timeout) -> None:
        self._pid = pid
        self._limits = limits
        self._bound = bound
        self._look_s = min(_LOOK_S, limits.soft_s, limits.wall_s)
        self._patience = Patience(_see(pid))
        self._is_told = False
        self._loop = asyncio.get_running_loop()
        self._next = self._loop.call_later(self._look_s, self._look)

    def end(self) -> None:
        self._next.cancel()

    def _look(self) -> None:
        patience, limits = self._patience, self._limits
        patience.look(_see(self._pid), self._look_s)
        if patience.counted_s >= limits.cpu_s or patience.elapsed_s >= limits.wall_s + limits.grace_s:
            self._bound.reschedule(self._loop.time())
            return
        is_over = patience.counted_s >= limits.soft_s or patience.elapsed_s >= limits.wall_s
        if is_over and not self._is_told and _listens(self._pid):
            self._is_told = True
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGALRM)
        self._next = self._loop.call_later(self._look_s, self._look)


def _listens(pid: int) -> bool:
    """Whether a SIGALRM tells the process something; before it has begun to listen it would be the end of it."""
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return True
    caught = _CAUGHT.search(status)
    return caught is None or bool(int(caught[1], 16) >> (signal.SIGALRM - 1) & 1)


def _see(pid: int) -> Seen:
    """Where the system does not say how long a process waited for a processor, that time counts as well."""
    now_s = time.monotonic()
    try:
        ran, waited, _ = Path(f"/proc/{pid}/schedstat").read_bytes().split()
        state = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
    except (OSError, ValueError, IndexError):
        return Seen(now_s)
    return Seen(now_s, int(ran) / 1e9, int(waited) / 1e9, state == b"R")
