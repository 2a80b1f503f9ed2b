"""Append-only pack files that small documents share.

A process writes only packs that it made itself. What lies in an older pack behind its last live document was never
acknowledged and is cut off at the next start.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from pathlib import Path

from platen.printing.spool.writeback import begin_writeback

PACK_BYTES_MAX = 64 * 1024 * 1024
BLOBS_AT_ONCE = 512  # of a system call; Linux takes 1,024
_SUFFIX = ".pack"
_FALLOC_FL_KEEP_SIZE, _FALLOC_FL_PUNCH_HOLE = 0x01, 0x02

_libc = ctypes.CDLL(None, use_errno=True)
# Elsewhere than on Linux space comes back when the pack's last document goes.
_CAN_PUNCH = hasattr(_libc, "fallocate")
if _CAN_PUNCH:
    _libc.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_longlong, ctypes.c_longlong]


class Packs:
    """The packs of one spool. Appending is for one thread; reading and freeing are for any."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor = -1
        self._number = 0
        self._size = 0
        self._unfinished: int | None = None  # where the batch begins that is not durable yet

    @property
    def current(self) -> int:
        """Number of the pack being written; 0 before the first document."""
        return self._number

    def path(self, number: int) -> Path:
        """Where pack `number` lies."""
        return self._root / f"{number:012d}{_SUFFIX}"

    def numbers(self) -> list[int]:
        """All packs there are, ascending."""
        return sorted(int(path.stem) for path in self._root.glob(f"*{_SUFFIX}"))

    def append(self, blobs: Iterable[bytes]) -> list[tuple[int, int]]:
        """Write blobs and make them durable with one sync. Returns and raises: as begin()."""
        places = self.begin(blobs)
        self.finish()
        return places

    def begin(self, blobs: Iterable[bytes]) -> list[tuple[int, int]]:
        """Write blobs, and have the disk begin with them; they are durable when finish() has returned.

        Returns: (pack number, offset) of each blob. All lie in one pack.
        Raises: OSError, for example on a full disk; nothing of this batch is kept then.
        """
        self.finish()
        blobs = list(blobs)
        if self._descriptor < 0 or self._size >= PACK_BYTES_MAX:
            self._begin()
        start = self._size
        places = []
        offset = start
        for blob in blobs:
            places.append((self._number, offset))
            offset += len(blob)
        try:
            _write_all(self._descriptor, blobs, start)
        except OSError:
            self._give_up(start)
            raise
        begin_writeback(self._descriptor, start, offset - start)
        self._size, self._unfinished = offset, start
        return places

    def finish(self) -> None:
        """Return when what was begun is durable. Raises: OSError; nothing of that batch is kept then."""
        start, self._unfinished = self._unfinished, None
        if start is None:
            return
        try:
            os.fdatasync(self._descriptor)
        except OSError:
            self._give_up(start)
            raise

    def free(self, number: int, offset: int, length: int) -> None:
        """Give the disk space of one document back, where the file system can."""
        if not _CAN_PUNCH:
            return
        try:
            descriptor = os.open(self.path(number), os.O_WRONLY)
        except FileNotFoundError:
            return
        try:
            _libc.fallocate(descriptor, _FALLOC_FL_PUNCH_HOLE | _FALLOC_FL_KEEP_SIZE, offset, length)
        finally:
            os.close(descriptor)

    def drop(self, number: int) -> None:
        """Remove a pack that holds nothing any more."""
        self.path(number).unlink(missing_ok=True)

    def cut(self, number: int, length: int) -> None:
        """Cut off what lies behind the last live document of a pack of an earlier process."""
        path = self.path(number)
        if path.stat().st_size > length:
            os.truncate(path, length)

    def close(self) -> None:
        """Close the pack being written."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _give_up(self, start: int) -> None:
        """Cut off a batch that failed, and leave the pack: after a failed sync nobody knows which of its octets a later
        sync would make durable."""
        try:
            os.ftruncate(self._descriptor, start)
        finally:
            self.close()
            if start == 0:
                self.drop(self._number)

    def _begin(self) -> None:
        self.close()
        number = max([self._number, *self.numbers()], default=0) + 1
        descriptor = os.open(self.path(number), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            sync_directory(self._root)
        except OSError:
            os.close(descriptor)
            self.drop(number)
            raise
        self._descriptor, self._number, self._size = descriptor, number, 0


def _write_all(descriptor: int, blobs: Iterable[bytes], offset: int) -> None:
    """One after the other, without making one of them first: that would copy all of it."""
    left = [memoryview(blob) for blob in blobs]
    while left:
        some = left[:BLOBS_AT_ONCE]
        written = os.pwritev(descriptor, some, offset)
        offset += written
        for blob in some:
            if written < len(blob):
                left[0] = blob[written:]
                break
            written -= len(blob)
            del left[0]


def sync_directory(path: Path) -> None:
    """Make a directory's entries durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
