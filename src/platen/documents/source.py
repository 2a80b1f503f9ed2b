"""The bytes of a document, however they are handed over: bytes, a mapped file or an open file."""

from __future__ import annotations

import io
import mmap
import os
import tempfile
import zlib
from typing import BinaryIO

Data = bytes | mmap.mmap
Source = bytes | mmap.mmap | BinaryIO

GZIP_MAGIC = b"\x1f\x8b\x08"

_PIECE_BYTES = 256 * 1024
_IN_MEMORY_BYTES_MAX = 8 * 1024 * 1024


def data_of(source: Source, read_bytes_max: int) -> tuple[Data, bool]:
    """The document as something that can be sliced and searched, and whether that is all of it.

    A file of the system is mapped, not read. A stream (a pipe, a file object of another kind) is taken as it comes,
    from where it stands; beyond a few megabytes it goes to a file without a name, which nobody else can open, so that
    memory stays small and the facts are those of the same octets in a file.
    Raises: OSError as the file does.
    """
    if isinstance(source, bytes | mmap.mmap):
        return source, True
    try:
        descriptor = source.fileno()
        size_bytes = os.fstat(descriptor).st_size
        if size_bytes:
            return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ), True
    except (io.UnsupportedOperation, AttributeError, ValueError):
        pass  # not a file of the system: read it
    return _kept(source, read_bytes_max)


def _kept(stream: BinaryIO, bytes_max: int) -> tuple[Data, bool]:
    taken = 0
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES_MAX) as kept:
        while piece := stream.read(min(_PIECE_BYTES, bytes_max + 1 - taken)):
            taken += len(piece)
            kept.write(piece[: len(piece) - max(0, taken - bytes_max)])
            if taken > bytes_max:
                break
        if taken <= _IN_MEMORY_BYTES_MAX:
            kept.seek(0)
            return kept.read(), taken <= bytes_max
        kept.flush()
        return mmap.mmap(kept.fileno(), 0, access=mmap.ACCESS_READ), taken <= bytes_max


def unpack_gzip(data: Data, bytes_max: int) -> tuple[bytes, bool]:
    """The gzip members of `data`, one behind the other (RFC 1952 section 2.2), at most `bytes_max`.

    Returns: what they hold, and whether that is all of it. What is no member behind the last one is passed over.
    """
    unpacked = bytearray()
    position, is_whole = 0, True
    while is_whole and data[position : position + len(GZIP_MAGIC)] == GZIP_MAGIC:
        position, is_whole = _unpack_member(data, position, bytes_max, unpacked)
    return bytes(unpacked), is_whole


def _unpack_member(data: Data, position: int, bytes_max: int, unpacked: bytearray) -> tuple[int, bool]:
    """Add what one member holds. Returns: the offset behind it, and whether it was whole."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        while not inflater.eof and position < len(data) and len(unpacked) < bytes_max:
            unpacked += inflater.decompress(data[position : position + _PIECE_BYTES], bytes_max - len(unpacked))
            position = min(position + _PIECE_BYTES, len(data))
            while inflater.unconsumed_tail and len(unpacked) < bytes_max:
                unpacked += inflater.decompress(inflater.unconsumed_tail, bytes_max - len(unpacked))
    except zlib.error:
        return position, False
    return position - len(inflater.unused_data), inflater.eof
