"""UUIDv7 (RFC 9562 section 5.7): ordered by time, so that new rows go to the end of an index."""

from __future__ import annotations

import os
import time
import uuid

_RANDOM_BYTES = 10
_DRAWN_AT_ONCE = 256
_drawn: list[bytes] = []
# Two processes must not use the same ones.
os.register_at_fork(after_in_child=_drawn.clear)


def uuid7() -> uuid.UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(_random(), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def _random() -> bytes:
    """Ten random octets of the system. Drawn many at a time: each time that it is asked, a thread lets go of the
    interpreter and waits until it gets it back."""
    try:
        return _drawn.pop()
    except IndexError:
        octets = os.urandom(_RANDOM_BYTES * _DRAWN_AT_ONCE)
        _drawn.extend(octets[at : at + _RANDOM_BYTES] for at in range(_RANDOM_BYTES, len(octets), _RANDOM_BYTES))
        return octets[:_RANDOM_BYTES]
