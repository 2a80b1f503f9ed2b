"""A document's plaintext on its way to a worker: in anonymous memory that has no name and no other reader."""

from __future__ import annotations

import fcntl
import io
import os
import tempfile
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, BinaryIO

from platen.services.analysis.limits import PoolLimits

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

# Writes the document's plaintext to the file it is given, or gives it piece by piece.
DocumentWriter = Callable[[BinaryIO], None] | Iterable[bytes]

_SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE if hasattr(fcntl, "F_SEAL_WRITE") else 0


class DocumentTooLargeError(Exception):
    """The document is larger than what may be analysed."""


class _BoundedFile(io.FileIO):
    """Refuses to grow beyond a size."""

    def __init__(self, descriptor: int, bytes_max: int) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self._bytes_left = bytes_max

    def write(self, octets: Buffer) -> int:
        self._bytes_left -= memoryview(octets).nbytes
        if self._bytes_left < 0:
            raise DocumentTooLargeError
        return super().write(octets)


def in_memory(write: DocumentWriter, limits: PoolLimits) -> int:
    """Put a document into anonymous memory. Returns: its descriptor, for the caller to close.

    Raises: DocumentTooLargeError, and what the writer raises.
    """
    descriptor = _anonymous_file()
    try:
        with io.BufferedWriter(_BoundedFile(descriptor, limits.document_bytes_max), 1 << 18) as file:
            if callable(write):
                write(file)
            else:
                for piece in write:
                    file.write(piece)
        if _SEALS and hasattr(os, "memfd_create"):
            # The worker maps the document; were it to shrink meanwhile, reading it would kill the worker.
            fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _anonymous_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("document", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with tempfile.TemporaryFile() as file:  # elsewhere: a file without a name, which nobody else can open
        return os.dup(file.fileno())
