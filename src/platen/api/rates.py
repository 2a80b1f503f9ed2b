"""How often a token may be used: a bucket of requests that fills again at a steady rate.

It is kept in this process's memory: it protects a node from a client that runs wild, and is no secret's defence (a
token cannot be guessed, and access.throttle slows down guesses of what can).
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass

PER_S = 50.0
BURST = 200.0
REMEMBERED_MAX = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at_s: float


class Rates:
    """Buckets by token; thread safe. The caller gives the time, a monotonic number of seconds."""

    def __init__(self, per_s: float = PER_S, burst: float = BURST) -> None:
        self._per_s = per_s
        self._burst = burst
        self._buckets: dict[int, _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, token_id: int, now_s: float) -> int:
        """Count one request. Returns: 0 when it may go on, else how many seconds to wait."""
        with self._lock:
            bucket = self._buckets.get(token_id)
            if bucket is None:
                if len(self._buckets) >= REMEMBERED_MAX:
                    self._forget_full(now_s)
                bucket = self._buckets[token_id] = _Bucket(self._burst, now_s)
            bucket.left = min(self._burst, bucket.left + max(0.0, now_s - bucket.at_s) * self._per_s)
            bucket.at_s = now_s
            if bucket.left < 1:
                return max(1, math.ceil((1 - bucket.left) / self._per_s))
            bucket.left -= 1
            return 0

    def _forget_full(self, now_s: float) -> None:
        """A bucket that is full again says no more than none."""
        full_after_s = self._burst / self._per_s
        self._buckets = {key: each for key, each in self._buckets.items() if now_s - each.at_s < full_after_s}
