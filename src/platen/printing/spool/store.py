"""The spool: takes documents, gives them back, forgets them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from platen.keys import derive_key
from platen.printing.spool.cipher import (
    CHUNK_BYTES,
    SEALED_CHUNK_BYTES,
    ChunkOpener,
    ChunkSealer,
    DocumentDamaged,
    new_key,
    unwrap_key,
    wrap_key,
)
from platen.printing.spool.packs import Packs, sync_directory
from platen.settings import Settings

SMALL_BYTES_MAX = CHUNK_BYTES  # documents up to here go into packs


class SpoolFull(OSError):
    """There is not enough room left; nothing was stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Where one document lies. `pack` and `offset` are None for a file of its own."""

    document: uuid.UUID
    pack: int | None
    offset: int | None
    length: int  # of the ciphertext, in octets
    size_bytes: int  # of the document
    wrapped_key: bytes


class Spool:
    """All documents of one node, below one directory."""

    def __init__(self, root: Path, node_key: bytes, *, free_bytes_min: int = 0) -> None:
        self._root = root
        self._node_key = node_key
        self._free_bytes_min = free_bytes_min
        self._incoming = root / "incoming"
        self._files = root / "files"
        for directory in (self._incoming, self._files):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.packs = Packs(root / "packs")

    def check_room(self, wanted_bytes: int = 0) -> None:
        """Raises: SpoolFull, when storing so much would leave less than the configured reserve."""
        status = os.statvfs(self._root)
        if status.f_bavail * status.f_frsize < self._free_bytes_min + wanted_bytes:
            raise SpoolFull(f"The disk of {self._root} is nearly full. Free some space; printing goes on by itself.")

    def store_batch(self, documents: list[tuple[uuid.UUID, bytes]]) -> list[Stored]:
        """Store small documents together; durable on return.

        Raises: SpoolFull, OSError: none of them is stored.
        """
        sealed = []
        for name, plain in documents:
            key = new_key()
            sealed.append(
                (name, len(plain), wrap_key(self._node_key, key, name.bytes), ChunkSealer(key).seal_whole(plain))
            )
        places = self.packs.append([blob for *_, blob in sealed])
        return [
            Stored(document=name, pack=pack, offset=offset, length=len(blob), size_bytes=size, wrapped_key=wrapped)
            for (name, size, wrapped, blob), (pack, offset) in zip(sealed, places, strict=True)
        ]

    def open_file(self, document: uuid.UUID) -> FileSink:
        """Begin a document of any size in a file of its own."""
        key = new_key()
        return FileSink(
            document,
            key,
            wrap_key(self._node_key, key, document.bytes),
            self._incoming / str(document),
            self._path(document),
        )

    def read(self, stored: Stored) -> Iterator[bytes]:
        """The document's plaintext in chunks of at most CHUNK_BYTES.

        Raises: DocumentDamaged; FileNotFoundError.
        """
        key = unwrap_key(self._node_key, stored.wrapped_key, stored.document.bytes)
        path = self._path(stored.document) if stored.pack is None else self.packs.path(stored.pack)
        opener = ChunkOpener(key)
        with path.open("rb", buffering=0) as file:
            file.seek(stored.offset or 0)
            remaining = stored.length
            while remaining > 0:
                sealed = _read_exactly(file.fileno(), min(SEALED_CHUNK_BYTES, remaining))
                remaining -= len(sealed)
                yield opener.open(sealed, last=remaining == 0)

    def destroy(self, stored: Stored) -> None:
        """Remove a document whose row no longer holds its key."""
        if stored.pack is None:
            self._path(stored.document).unlink(missing_ok=True)
        else:
            self.packs.free(stored.pack, stored.offset or 0, stored.length)

    def drop_unfinished(self) -> int:
        """Remove what was still coming in when the last process ended. Returns: how many files."""
        leftovers = list(self._incoming.iterdir())
        for path in leftovers:
            path.unlink()
        return len(leftovers)

    def file_documents(self) -> list[uuid.UUID]:
        """All documents that have a file of their own."""
        return [uuid.UUID(path.name) for path in self._files.glob("*/*")]

    def drop_orphan_packs(self, live_until: Callable[[int], int | None]) -> int:
        """Remove packs without a live document and cut off unacknowledged tails.

        live_until: pack number -> end of its last live document, None when it has none. Call before anything is stored.
        Returns: how many packs were removed or cut.
        """
        changed = 0
        for number in self.packs.numbers():
            if number == self.packs.current:
                continue
            end = live_until(number)
            if end is None:
                self.packs.drop(number)
                changed += 1
            elif self.packs.path(number).stat().st_size > end:
                self.packs.cut(number, end)
                changed += 1
        return changed

    def drop_file(self, document: uuid.UUID) -> None:
        """Remove a document's file that no row knows."""
        self._path(document).unlink(missing_ok=True)

    def _path(self, document: uuid.UUID) -> Path:
        # The last two digits are random in a UUIDv7, so the folders fill evenly.
        return self._files / document.hex[-2:] / str(document)


def open_spool(settings: Settings) -> Spool:
    """The node's spool."""
    return Spool(
        settings.data / "spool",
        derive_key(settings.data, "documents"),
        free_bytes_min=settings.spool_free_bytes_min,
    )


class FileSink:
    """Receives one large document. Its methods block on the disk: call them off the event loop."""

    def __init__(self, document: uuid.UUID, key: bytes, wrapped_key: bytes, partial: Path, final: Path) -> None:
        self._document = document
        self._sealer = ChunkSealer(key)
        self._wrapped_key = wrapped_key
        self._partial = partial
        self._final = final
        self._descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._length = 0
        self.size_bytes = 0

    def write(self, data: bytes) -> None:
        """Seal and write. Raises: OSError (disk full); abort() then."""
        self.size_bytes += len(data)
        for chunk in self._sealer.update(data):
            self._write(chunk)

    def finish(self) -> Stored:
        """Make it durable under its final name. Raises: OSError."""
        self._write(self._sealer.finish())
        os.fsync(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = -1
        self._final.parent.mkdir(mode=0o700, exist_ok=True)
        self._partial.rename(self._final)
        sync_directory(self._final.parent)
        return Stored(
            document=self._document,
            pack=None,
            offset=None,
            length=self._length,
            size_bytes=self.size_bytes,
            wrapped_key=self._wrapped_key,
        )

    def abort(self) -> None:
        """Forget what was received."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self._partial.unlink(missing_ok=True)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]
        self._length += len(data)


def _read_exactly(descriptor: int, length: int) -> bytes:
    parts = []
    while length > 0:
        part = os.read(descriptor, length)
        if not part:
            raise DocumentDamaged("A stored document ends too early.")
        parts.append(part)
        length -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
