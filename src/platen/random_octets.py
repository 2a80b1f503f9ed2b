"""The system's random octets, drawn many at a time: each time that it is asked, a thread lets go of the interpreter and
waits until it gets it back, which takes a hundred times as long as the drawing."""

from __future__ import annotations

import os

DRAWN_AT_ONCE = 256


class RandomOctets:
    """Pieces of `size` octets each. Every piece is given once, to whichever thread asks."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._drawn: list[bytes] = []
        # Two processes must not use the same ones.
        os.register_at_fork(after_in_child=self._drawn.clear)

    def draw(self) -> bytes:
        """The next piece."""
        try:
            return self._drawn.pop()
        except IndexError:
            octets = os.urandom(self._size * DRAWN_AT_ONCE)
            self._drawn.extend(octets[at : at + self._size] for at in range(self._size, len(octets), self._size))
            return octets[: self._size]
