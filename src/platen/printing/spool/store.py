"""The spool: takes documents, gives them back, forgets them."""

from __future__ import annotations

import fcntl
import os
import secrets
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from platen.keys import derive_key
from platen.printing.spool.cipher import (
    CHUNK_BYTES,
    SEALED_CHUNK_BYTES,
    TAG_BYTES,
    ChunkOpener,
    ChunkSealer,
    DocumentDamaged,
    new_key,
    new_wrapped_keys,
    unwrap_key,
    wrap_key,
)
from platen.printing.spool.packs import Packs, sync_directory
from platen.printing.spool.writeback import begin_writeback
from platen.settings import Settings

SMALL_BYTES_MAX = CHUNK_BYTES  # documents up to here go into packs
ROOM_KNOWN_S = 0.2  # so long what is free on the disk is taken to be free
WRITEBACK_BYTES = 8 * 1024 * 1024  # of a large one the disk is given as it comes


class SpoolFull(OSError):
    """There is not enough room left; nothing was stored."""


class SpoolInUse(OSError):
    """Another process stores documents here; the text says what to do."""


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
        self._lock = -1
        self._room_at, self._room_bytes = -ROOM_KNOWN_S, 0
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for directory in (self._incoming, self._files):
            directory.mkdir(mode=0o700, exist_ok=True)
        self.packs = Packs(root / "packs")

    def lock(self) -> None:
        """Claim the spool for this process until unlock() or its end. Only the claimant stores and cleans up: cleaning
        beside a process that stores would take what it has not written down yet.

        Raises: SpoolInUse.
        """
        descriptor = os.open(self._root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # Of the process, not of the descriptor: a child that inherits it does not keep the spool claimed.
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise SpoolInUse(
                f"Another Platen server runs over {self._root.parent}. Stop it, or give this one a data directory of "
                "its own (PLATEN_DATA)."
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, b"%d\n" % os.getpid())
        self._lock = descriptor

    def holder(self) -> int | None:
        """The process that has claimed the spool; None: nobody, or this object's own."""
        if self._lock >= 0:
            return None  # looking would close the file, and with it give up the claim
        try:
            descriptor = os.open(self._root / "lock", os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return int(os.read(descriptor, 20) or b"0")
        finally:
            os.close(descriptor)
        return None

    def unlock(self) -> None:
        """Let another process claim the spool."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def check_room(self, wanted_bytes: int = 0) -> None:
        """Raises: SpoolFull, when storing so much would leave less than the configured reserve."""
        now = time.monotonic()
        if self._room_at <= now < self._room_at + ROOM_KNOWN_S and wanted_bytes < self._room_bytes:
            self._room_bytes -= wanted_bytes
            return
        status = os.statvfs(self._root)
        if status.f_bavail * status.f_frsize < self._free_bytes_min + wanted_bytes:
            raise SpoolFull(f"The disk of {self._root} is nearly full. Free some space; printing goes on by itself.")
        # Others write to the disk as well: only a part of what is free is counted on until the next look.
        free_bytes = status.f_bavail * status.f_frsize - self._free_bytes_min - wanted_bytes
        self._room_at, self._room_bytes = now, free_bytes // 16

    def store_batch(self, documents: list[tuple[uuid.UUID, bytes]]) -> list[Stored]:
        """Store small documents together; durable on return.

        Raises: SpoolFull, OSError: none of them is stored.
        """
        stored = self.begin_batch(documents)
        self.finish_batch()
        return stored

    def begin_batch(self, documents: list[tuple[uuid.UUID, bytes]]) -> list[Stored]:
        """As store_batch, but durable when finish_batch() has returned. Only one batch is under way.

        Raises: SpoolFull, OSError: none of them is stored.
        """
        self.check_room(sum(len(plain) for _, plain in documents))
        keys = new_wrapped_keys(self._node_key, [name.bytes for name, _ in documents])
        sealed = [ChunkSealer(key).seal_whole(plain) for (_, plain), (key, _) in zip(documents, keys, strict=True)]
        places = self.packs.begin(sealed)
        return [
            Stored(
                document=name, pack=pack, offset=offset, length=len(blob), size_bytes=len(plain), wrapped_key=wrapped
            )
            for (name, plain), (_, wrapped), blob, (pack, offset) in zip(documents, keys, sealed, places, strict=True)
        ]

    def finish_batch(self) -> None:
        """Return when the documents of begin_batch() are durable. Raises: OSError: none of them is stored."""
        self.packs.finish()

    def open_file(self, document: uuid.UUID) -> FileSink:
        """Begin a document of any size in a file of its own. Raises: SpoolFull, OSError."""
        self.check_room()
        key = new_key()
        return FileSink(
            document,
            key,
            wrap_key(self._node_key, key, document.bytes),
            # Of two clients that send the document of one job at once, each writes a file of its own.
            self._incoming / f"{document}.{secrets.token_hex(4)}",
            self._path(document),
        )

    def read(self, stored: Stored) -> Iterator[bytes]:
        """The document's plaintext in chunks of at most CHUNK_BYTES.

        Raises: DocumentDamaged; FileNotFoundError.
        """
        key = unwrap_key(self._node_key, stored.wrapped_key, stored.document.bytes)
        if stored.length < TAG_BYTES:
            raise DocumentDamaged("Where a stored document ends is not known any more.")
        path = self._path(stored.document) if stored.pack is None else self.packs.path(stored.pack)
        opener = ChunkOpener(key)
        with path.open("rb", buffering=0) as file:
            file.seek(stored.offset or 0)
            remaining = stored.length
            while remaining > 0:
                sealed = _read_exactly(file.fileno(), min(SEALED_CHUNK_BYTES, remaining))
                remaining -= len(sealed)
                yield opener.open(sealed, last=remaining == 0)

    def holds(self, stored: Stored) -> bool:
        """Whether a document's octets are where its row says; they are not opened."""
        path = self._path(stored.document) if stored.pack is None else self.packs.path(stored.pack)
        try:
            return path.stat().st_size >= (stored.offset or 0) + stored.length > 0
        except FileNotFoundError:
            return False

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

    def drop_orphan_packs(self, live_until: Callable[[int], int | None], is_live: Callable[[int], bool]) -> int:
        """Remove packs without a live document, and cut the unacknowledged tail off the one written last.

        live_until: pack number -> end of its last live document, None when it has none. is_live: whether a pack has
        one, which is cheaper to say. Call before anything is stored. Returns: how many packs were removed or cut.
        """
        numbers = self.packs.numbers()
        empty = [number for number in numbers if not is_live(number)]
        for number in empty:
            self.packs.drop(number)
        # A pack is left for the next one only after everything in it was acknowledged or given up.
        last = max(numbers, default=0)
        end = live_until(last) if numbers and last not in empty else None
        if end is not None and self.packs.path(last).stat().st_size > end:
            self.packs.cut(last, end)
            return len(empty) + 1
        return len(empty)

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
        self._placed = False
        self._descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._length = 0
        self._given_to_disk = 0
        self.size_bytes = 0

    def write(self, data: bytes) -> None:
        """Seal and write. Raises: OSError (disk full); abort() then."""
        self.size_bytes += len(data)
        for chunk in self._sealer.update(data):
            self._write(chunk)
        if self._length - self._given_to_disk >= WRITEBACK_BYTES:
            begin_writeback(self._descriptor, self._given_to_disk, self._length - self._given_to_disk)
            self._given_to_disk = self._length

    def finish(self) -> Stored:
        """Make it durable under its final name.

        Raises: FileExistsError, when the job has another document by now; OSError. Call abort() then.
        """
        self._write(self._sealer.finish())
        os.fsync(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = -1
        if not self._final.parent.is_dir():
            self._final.parent.mkdir(mode=0o700, exist_ok=True)
            sync_directory(self._final.parent.parent)
        # Linked rather than renamed: a name that is taken stays with the document that has it.
        os.link(self._partial, self._final)
        self._placed = True
        self._partial.unlink()
        sync_directory(self._final.parent)
        self._placed = False  # from here on it is the job's
        return Stored(
            document=self._document,
            pack=None,
            offset=None,
            length=self._length,
            size_bytes=self.size_bytes,
            wrapped_key=self._wrapped_key,
        )

    def abort(self) -> None:
        """Forget what was received; a document that finish() has handed on stays."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self._partial.unlink(missing_ok=True)
        if self._placed:
            self._final.unlink(missing_ok=True)

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
