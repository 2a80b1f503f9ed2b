"""Whose turn it is to write: first come, first served, handed over without delay.

Before all others come the threads that said so: a person waits for what they write.
"""

from __future__ import annotations

import threading
from collections import deque

_thread = threading.local()


def go_first() -> None:
    """From now on this thread goes before those that did not say so."""
    _thread.goes_first = True


class Turns:
    """A fair lock. SQLite lets one connection write and makes the others sleep and look again, up to 100 ms at a time
    and in no order; with many threads that is what a person at a printer waits for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()
        self._waiting_first: deque[threading.Lock] = deque()

    def take(self, timeout_s: float) -> bool:
        """Wait for a turn. Returns: False when it did not come in time."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            waiting = self._waiting_first if getattr(_thread, "goes_first", False) else self._waiting
            waiting.append(mine)
        if mine.acquire(timeout=timeout_s):
            return True
        with self._guard:
            if mine in waiting:
                waiting.remove(mine)
                return False
        return True  # the turn came between the time-out and the look

    def give(self) -> None:
        """Hand the turn to whoever waits longest, of those that go first if there are any."""
        with self._guard:
            waiting = self._waiting_first or self._waiting
            if waiting:
                waiting.popleft().release()
            else:
                self._taken = False
