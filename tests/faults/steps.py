"""Dying at a step that matters: right before or right after something is written, synced, linked, removed or committed.

Between two such steps nothing changes that a successor could find, so a server that dies at each of them once has died
in every way there is; one that dies at random moments dies mostly while it waits.
"""

from __future__ import annotations

import functools
import itertools
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

STEPS: tuple[tuple[Any, str], ...] = (
    (os, "fsync"),
    (os, "fdatasync"),
    (os, "link"),
    (os, "replace"),
    (os, "unlink"),
    (BaseDatabaseWrapper, "_commit"),
    (CursorWrapper, "execute"),
    (CursorWrapper, "executemany"),
)
READS = ("SELECT", "PRAGMA", "SAVEPOINT", "RELEASE", "SET", "SHOW")
# A server that has nothing to do for so long dies idle: SIGALRM, which nobody handles, ends it as SIGKILL does.
LIFE_S = 30


def die_at(step: int, *, after: bool) -> None:
    """Lets this process die as by kill -9 at its step-th step from now on, before it or after."""
    signal.alarm(LIFE_S)
    numbers = itertools.count(1)
    for owner, name in STEPS:
        setattr(owner, name, _counted(getattr(owner, name), numbers, step, after=after))


def _counted(call: Callable[..., Any], numbers: Iterator[int], last: int, *, after: bool) -> Callable[..., Any]:
    @functools.wraps(call)
    def counted(*args: Any, **kwargs: Any) -> Any:
        is_last = not _reads(args) and next(numbers) == last
        if is_last and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = call(*args, **kwargs)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return counted


def _reads(args: tuple[Any, ...]) -> bool:
    """Whether these are the arguments of a statement that changes nothing."""
    return len(args) > 1 and isinstance(args[1], str) and args[1].lstrip(" (").startswith(READS)
