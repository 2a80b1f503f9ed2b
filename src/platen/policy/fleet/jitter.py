"""When a machine is read next: at its own moment of each interval, so that a fleet is never asked at once.

A machine's moment follows from its number alone and stays the same from interval to interval and from start to start.
Who does not answer is asked less and less often; who is asleep a little less, because asleep is not down.
"""

from __future__ import annotations

from enum import StrEnum

GOLDEN = 0x9E37_79B9
"""2**32 divided by the golden ratio: multiples of it spread consecutive numbers evenly (Knuth, volume 3, 6.4)."""
SILENT_MAX_S = 4 * 3600
ASLEEP_MAX_S = 3600
DOUBLINGS_MAX = 8


class Answered(StrEnum):
    """How the last visit ended."""

    YES = "yes"
    ASLEEP = "asleep"  # it did not answer, and is known to sleep
    NO = "no"


def phase(number: int, interval_s: int) -> float:
    """Where in each interval a machine's moment lies: 0 up to the interval, in seconds."""
    return (number * GOLDEN & 0xFFFF_FFFF) / 2**32 * interval_s


def interval_after(interval_s: int, answered: Answered, failures: int) -> int:
    """Seconds between two visits, given how many tries failed in a row.

    The first failure changes nothing: it may have been a packet. A machine whose interval is longer than the longest
    back-off keeps its interval.
    """
    if answered is Answered.YES or failures < 2:
        return interval_s
    longest = ASLEEP_MAX_S if answered is Answered.ASLEEP else SILENT_MAX_S
    doubled: int = interval_s * 2 ** min(failures - 1, DOUBLINGS_MAX)
    return max(interval_s, min(longest, doubled))


def next_due(now_s: float, number: int, interval_s: int, answered: Answered = Answered.YES, failures: int = 0) -> float:
    """The machine's next moment, in seconds since 1970: half an interval from now or later, at most one and a half."""
    every = interval_after(max(1, interval_s), answered, failures)
    earliest = now_s + every / 2
    start = earliest - (earliest - phase(number, every)) % every
    return start + every
