"""How the C library hands out memory in this process.

glibc gives threads pools of their own, eight for each processor, so that they need not wait for each other. What one of
them gives back stays in its pool: with a few dozen threads that take turns, pages of a hundred megabytes lie there that
nobody uses. Threads of Python hardly ever ask at the same time, since only one of them runs at a time.
"""

from __future__ import annotations

import ctypes

ARENAS = 2
_M_ARENA_MAX = -8  # malloc.h


def keep_arenas_few() -> bool:
    """So many pools for all threads; before there are any. Returns: whether this C library does that."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(_M_ARENA_MAX, ARENAS) == 1
