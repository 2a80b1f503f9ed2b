"""The bytes of a document, however they are handed over: bytes, a mapped file or an open file."""

from __future__ import annotations

import io
import mmap
import os
import zlib
from typing import BinaryIO

Data = bytes | mmap.mmap
Source = bytes | mmap.mmap | BinaryIO

GZIP_MAGIC = b"\x1f\x8b\x08"


def data_of(source: Source, read_bytes_max: int) -> tuple[Data, bool]:
    """The document as something that can be sliced and searched, and whether that is all of it.

    A file with a descriptor is mapped, not read. Raises: OSError as the file does.
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
    source.seek(0)
    data = source.read(read_bytes_max + 1)
    return data[:read_bytes_max], len(data) <= read_bytes_max


def unpack_gzip(data: Data, bytes_max: int) -> tuple[bytes, bool]:
    """The first gzip member of `data` (RFC 1952), at most `bytes_max`. Returns: bytes, and whether it is whole."""
    inflater = zlib.decompressobj(wbits=31)
    unpacked = bytearray()
    position, step = 0, 256 * 1024
    try:
        while not inflater.eof and position < len(data) and len(unpacked) < bytes_max:
            unpacked += inflater.decompress(data[position : position + step], bytes_max - len(unpacked))
            position += step
            while inflater.unconsumed_tail and len(unpacked) < bytes_max:
                unpacked += inflater.decompress(inflater.unconsumed_tail, bytes_max - len(unpacked))
    except zlib.error:
        return bytes(unpacked), False
    return bytes(unpacked), inflater.eof
