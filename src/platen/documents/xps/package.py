"""The package around the parts (ECMA-376 part 2, on ZIP): names, pieces, relationships; read without trusting it.

X/[0].piece  X/[1].piece ... X/[n].last.piece   one part X whose pieces are interleaved with others
_rels/.rels                                     what the package points to
Dir/_rels/Name.rels                             what the part Dir/Name points to
"""

from __future__ import annotations

import posixpath
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from platen.documents.source import Data

_LOCAL = b"PK\x03\x04"
_CENTRAL = b"PK\x01\x02"
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_PIECE = re.compile(r"(.*)/\[(\d{1,9})\](?:\.last)?\.piece", re.IGNORECASE)
_ENTRIES_MAX = 400_000
_STORED, _DEFLATED = 0, 8
_CHUNK_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class _Entry:
    header_at: int  # of the local header
    method: int
    packed_bytes: int | None  # None: not known, up to the end of the stream


class Package:
    """The parts of a package by name. Names are compared without case; paths cannot leave the package."""

    def __init__(self, data: Data, start: int, stop: int, *, part_bytes_max: int, total_bytes_max: int) -> None:
        self._data = data
        self._part_bytes_max = part_bytes_max
        self._left = total_bytes_max
        self._pieces: dict[str, list[tuple[int, _Entry]]] = {}
        self.exhausted = False  # a bound kept a part from being read whole
        self.whole = True  # the directory at the end is there
        entries = list(_central_entries(data, start, stop))
        if not entries:
            self.whole = False
            entries = list(_local_entries(data, start, stop))
        for name, entry in entries:
            self._add(name, entry)

    def _add(self, name: str, entry: _Entry) -> None:
        piece = _PIECE.fullmatch(name)
        part, index = (piece[1], int(piece[2])) if piece else (name, 0)
        self._pieces.setdefault(_key(part), []).append((index, entry))

    def names(self) -> list[str]:
        return list(self._pieces)

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._pieces

    def chunks(self, name: str) -> Iterator[bytes]:
        """The octets of a part, as far as bounds and damage allow; nothing where it is missing."""
        part_left = self._part_bytes_max
        for _, entry in sorted(self._pieces.get(_key(name), []), key=lambda piece: piece[0]):
            for chunk in _unpacked(self._data, entry):
                if len(chunk) > min(part_left, self._left):
                    self.exhausted = True
                    return
                part_left -= len(chunk)
                self._left -= len(chunk)
                yield chunk

    def read(self, name: str) -> bytes:
        return b"".join(self.chunks(name))


def _key(name: str) -> str:
    return unquote(name).strip("/").lower()


def resolved(base: str, target: str) -> str:
    """The name of the part that `target` in the part `base` means."""
    if target.startswith("/"):
        return posixpath.normpath(target).strip("/")
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), target)).strip("/")


def relationships_name(part: str) -> str:
    """Where the relationships of a part are; of the package for an empty name."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _name(octets: bytes) -> str:
    return octets.decode("utf-8", "replace").replace("\\", "/")


def _central_entries(data: Data, start: int, stop: int) -> Iterator[tuple[str, _Entry]]:
    """The entries of the directory; none where it is missing or damaged."""
    end = data.rfind(_END, max(start, stop - 70_000), stop)
    if end < 0 or end + 22 > len(data):
        return
    size, offset = struct.unpack_from("<II", data, end + 12)
    directory_end = end
    if 0xFFFFFFFF in (size, offset):
        end_64 = data.rfind(_END_64, max(start, end - 200), end)
        if end_64 < 0 or end_64 + 56 > len(data):
            return
        size, offset = struct.unpack_from("<QQ", data, end_64 + 40)
        directory_end = end_64
    position = directory_end - size
    shift = position - offset  # octets in front of the package
    for _ in range(_ENTRIES_MAX):
        if position < start or data[position : position + 4] != _CENTRAL or position + 46 > len(data):
            return
        method, packed, plain, name_length, extra, comment, header_at = struct.unpack_from(
            "<10xH8xIIHHH8xI", data, position
        )
        name = _name(bytes(data[position + 46 : position + 46 + name_length]))
        wide = bytes(data[position + 46 + name_length : position + 46 + name_length + extra])
        packed, header_at = _widened(wide, plain, packed, header_at)
        yield name, _Entry(header_at + shift, method, packed)
        position += 46 + name_length + extra + comment


def _widened(extra: bytes, plain: int, packed: int, header_at: int) -> tuple[int, int]:
    """Sizes of 64 bits (extra field 1) where those of 32 are full."""
    position = 0
    while position + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, position)
        if kind == 1:
            count = min(size, len(extra) - position - 4) // 8
            values = list(struct.unpack_from(f"<{count}Q", extra, position + 4))
            if plain == 0xFFFFFFFF and values:
                values.pop(0)
            if packed == 0xFFFFFFFF and values:
                packed = values.pop(0)
            if header_at == 0xFFFFFFFF and values:
                header_at = values.pop(0)
        position += 4 + size
    return packed, header_at


def _local_entries(data: Data, start: int, stop: int) -> Iterator[tuple[str, _Entry]]:
    """The entries as they come, for a package without a directory: one that was cut off."""
    position = start
    for _ in range(_ENTRIES_MAX):
        position = data.find(_LOCAL, position, stop)
        if position < 0 or position + 30 > len(data):
            return
        flags, method, packed, name_length, extra = struct.unpack_from("<6xHH8xI4xHH", data, position)
        begin = position + 30 + name_length
        name = _name(bytes(data[position + 30 : begin]))
        known = not flags & 8 and packed != 0xFFFFFFFF
        yield name, _Entry(position, method, packed if known else None)
        position = begin + extra + (packed if known else 0)


def _unpacked(data: Data, entry: _Entry) -> Iterator[bytes]:
    """The octets of one entry in chunks, up to damage."""
    at = entry.header_at
    if at < 0 or at + 30 > len(data) or data[at : at + 4] != _LOCAL:
        return
    name_length, extra = struct.unpack_from("<26xHH", data, at)
    position = at + 30 + name_length + extra
    stop = len(data) if entry.packed_bytes is None else min(len(data), position + entry.packed_bytes)
    if entry.method == _STORED and entry.packed_bytes is not None:
        for begin in range(position, stop, _CHUNK_BYTES):
            yield bytes(data[begin : min(begin + _CHUNK_BYTES, stop)])
    elif entry.method == _DEFLATED:
        inflater = zlib.decompressobj(wbits=-15)
        try:
            while position < stop and not inflater.eof:
                pending = bytes(data[position : min(position + _CHUNK_BYTES, stop)])
                position += len(pending)
                while pending and not inflater.eof:
                    yield inflater.decompress(pending, _CHUNK_BYTES)
                    pending = inflater.unconsumed_tail
        except zlib.error:
            return
