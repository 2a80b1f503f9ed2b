"""Having the disk begin with what was written, before anybody waits for it."""

from __future__ import annotations

import ctypes

_SYNC_FILE_RANGE_WRITE = 2

_libc = ctypes.CDLL(None, use_errno=True)
_CAN_BEGIN = hasattr(_libc, "sync_file_range")
if _CAN_BEGIN:
    _libc.sync_file_range.argtypes = [ctypes.c_int, ctypes.c_longlong, ctypes.c_longlong, ctypes.c_uint]


def begin_writeback(descriptor: int, offset: int, length: int) -> None:
    """Tell the kernel to write these octets out now; it may take its time.

    Otherwise it would begin when a tenth of all memory is waiting, so that the disk idles while a document comes in
    and its fsync then waits for all of it. This is about speed alone: nothing is durable before that fsync, which
    also reports what went wrong. Elsewhere than on Linux it does nothing.
    """
    if _CAN_BEGIN:
        _libc.sync_file_range(descriptor, offset, length, _SYNC_FILE_RANGE_WRITE)
