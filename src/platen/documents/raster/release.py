"""Giving back the memory of what was read of a mapped file, so that a large document takes no more than a small one."""

from __future__ import annotations

import mmap

from platen.documents.source import Data

_STEP_BYTES = 8 << 20


class Releaser:
    """Follows a reader through a document and gives back what it has passed.

    Only for mappings that cannot be written to: of others the system might throw away what was written. What was given
    back can be read again.
    """

    def __init__(self, data: Data, position: int = 0) -> None:
        self._mapped: mmap.mmap | None = None
        self._released = position - position % mmap.PAGESIZE
        if isinstance(data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            with memoryview(data) as view:
                self._mapped = data if view.readonly else None

    def back_to(self, position: int) -> None:
        """The reader goes back, and will pass the octets from `position` once more."""
        self._released = min(self._released, position - position % mmap.PAGESIZE)

    def passed(self, position: int) -> None:
        """The reader needs nothing before `position` for now."""
        if self._mapped is None or position - self._released < _STEP_BYTES:
            return
        stop = min(position, len(self._mapped))
        stop -= stop % mmap.PAGESIZE
        if stop > self._released:
            self._mapped.madvise(mmap.MADV_DONTNEED, self._released, stop - self._released)
        self._released = stop
