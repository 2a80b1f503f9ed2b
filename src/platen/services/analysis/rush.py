"""Many jobs at once: taking them in needs the processors and the database, and reading them can wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

ARRIVALS = 25
"""More than this in WINDOW_S are a rush."""
WINDOW_S = 0.25
PAUSES_MAX = 12  # of WINDOW_S: nobody has to know a document's pages the moment it came, but no rush holds a reader up


class Rush:
    """Counts arrivals in windows of time."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began = 0.0
        self._arrivals = self._before = 0  # in this window, in the one before it

    def count(self) -> None:
        """A job arrived."""
        now = self._now()
        if now - self._began > WINDOW_S:
            self._before = self._arrivals if now - self._began < 2 * WINDOW_S else 0
            self._began, self._arrivals = now, 0
        self._arrivals += 1

    @property
    def is_on(self) -> bool:
        return self._now() - self._began < 2 * WINDOW_S and max(self._arrivals, self._before) > ARRIVALS

    async def pass_by(self) -> None:
        """Wait until it is over, or for PAUSES_MAX windows."""
        for _ in range(PAUSES_MAX):
            if not self.is_on:
                return
            await asyncio.sleep(WINDOW_S)
