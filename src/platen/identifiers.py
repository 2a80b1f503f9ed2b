"""UUIDv7 (RFC 9562 section 5.7): ordered by time, so that new rows go to the end of an index."""

from __future__ import annotations

import time
import uuid

from platen.random_octets import RandomOctets

_random = RandomOctets(10)


def uuid7() -> uuid.UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(_random.draw(), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
