"""Where the objects of a PDF file are: cross-reference tables and streams (ISO 32000-1 sections 7.5.4 and 7.5.8).

Entries are looked up where they stand; nothing is unpacked for the objects that nobody asks for.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from typing import NamedTuple

from platen.documents.pdf.streams import unpacked
from platen.documents.pdf.syntax import Dictionary, Irregular, Value, parse
from platen.documents.source import Data

_SECTIONS_MAX = 256  # of updates appended one after another
_SUBSECTIONS_MAX = 100_000
_ENTRIES_BYTES_MAX = 64 * 1024 * 1024
_TRAILER_BYTES_MAX = 64 * 1024
_ENTRY_BYTES = 20

_START = re.compile(rb"startxref[\s\0]+(\d{1,12})")
_SUBSECTION = re.compile(rb"[\s\0]*(\d{1,10})[ \t]+(\d{1,10})[ \t]*(?:\r\n|\r|\n)")
_ENTRY = re.compile(rb"\d{10} \d{5} [nf](?:[ \r\n]{2}|([\r\n])(?=[\dt%]))")  # some lack an octet: group 1
_TRAILER = re.compile(rb"[\s\0]*(?:%[^\r\n]{0,255}[\r\n][\s\0]*){0,8}trailer[\s\0]*(?=<<)")
_TABLE = re.compile(rb"[\s\0]*xref\b")
_STREAM_OBJECT = re.compile(rb"[\s\0]*\d{1,10}[\s\0]+\d{1,5}[\s\0]+obj\b")
_STREAM = re.compile(rb">>[\s\0]*stream(?:\r\n|\n|\r)")


class Place(NamedTuple):
    """Of an object: its offset and generation, or the number of the object stream that holds it and its index there."""

    is_packed: bool
    at: int
    minor: int


_new = tuple.__new__  # makes a NamedTuple without the detour over its own constructor

# What a number has that was given up.
FREE = Place(False, -1, 0)


@dataclass(frozen=True, slots=True)
class _Lines:
    """A subsection of a table: lines of 20 octets, or of 19."""

    data: Data
    start: int
    entry_bytes: int

    def place(self, index: int) -> Place:
        start = self.start + index * self.entry_bytes
        line = self.data[start : start + 18]
        if line[17:] == b"n":
            try:
                return _new(Place, (False, int(line[:10]), int(line[11:16])))
            except ValueError:
                raise Irregular from None
        if line[17:] != b"f":
            raise Irregular
        return FREE


@dataclass(frozen=True, slots=True)
class _Rows:
    """A subsection of a cross-reference stream: rows of three numbers of the given widths."""

    rows: bytes
    start: int
    widths: tuple[int, int, int]

    def place(self, index: int) -> Place:
        kind_bytes, at_bytes, index_bytes = self.widths
        start = self.start + index * (kind_bytes + at_bytes + index_bytes)
        middle, end = start + kind_bytes, start + kind_bytes + at_bytes
        rows = self.rows
        kind = rows[start] if kind_bytes == 1 else int.from_bytes(rows[start:middle], "big") if kind_bytes else 1
        if kind not in (1, 2):
            return FREE
        minor = rows[end] if index_bytes == 1 else int.from_bytes(rows[end : end + index_bytes], "big")
        return _new(Place, (kind == 2, int.from_bytes(rows[middle:end], "big"), minor))


class _Section:
    """One table or stream: subsections by the number of their first object."""

    def __init__(self) -> None:
        self.subsections: list[tuple[int, int, _Lines | _Rows]] = []  # first number, number behind the last
        self.firsts: list[int] = []

    def add(self, first: int, count: int, entries: _Lines | _Rows) -> None:
        if len(self.subsections) >= _SUBSECTIONS_MAX:
            raise Irregular
        if count:
            self.subsections.append((first, first + count, entries))

    def finish(self) -> _Section:
        self.subsections.sort(key=lambda subsection: subsection[0])
        self.firsts = [first for first, _, _ in self.subsections]
        return self


class CrossReference:
    """All sections of a file, the newest first. Raises, on the whole way: Irregular."""

    def __init__(self, data: Data, base: int, stop: int) -> None:
        """Args: base: offset of the file's header, from which its offsets count; stop: end of the file."""
        self._data, self._base, self._stop = data, base, stop
        self._sections: list[_Section] = []
        self.trailer: Dictionary = {}
        at = data.rfind(b"startxref", base, stop)
        found = _START.match(data, at, stop) if at >= 0 else None
        if found is None or data.find(b" obj", found.end(), stop) >= 0:  # an update behind it was cut short
            raise Irregular
        seen: set[int] = set()
        offset: Value = int(found[1])
        while isinstance(offset, int):
            if offset in seen or len(seen) >= _SECTIONS_MAX:
                raise Irregular
            seen.add(offset)
            trailer = self._read_section(base + offset)
            self.trailer = self.trailer or trailer
            offset = trailer.get("/Prev")

    def find(self, number: int) -> Place | None:
        """Where object `number` is; None where there is none."""
        for section in self._sections:
            at = bisect.bisect_right(section.firsts, number) - 1
            if at >= 0:
                first, behind, entries = section.subsections[at]
                if number < behind:
                    place = entries.place(number - first)
                    return None if place is FREE else place
        return None

    def _read_section(self, position: int) -> Dictionary:
        if not 0 <= position < self._stop:
            raise Irregular
        if table := _TABLE.match(self._data, position, self._stop):
            return self._read_table(table.end())
        return self._read_stream(self._behind_header(position))

    def _behind_header(self, position: int) -> int:
        header = _STREAM_OBJECT.match(self._data, position, self._stop) if 0 <= position < self._stop else None
        if header is None:
            raise Irregular
        return header.end()

    def _read_table(self, position: int) -> Dictionary:
        section = _Section()
        while heading := _SUBSECTION.match(self._data, position, self._stop):
            first, count, start = int(heading[1]), int(heading[2]), heading.end()
            entry = _ENTRY.match(self._data, start)
            entry_bytes = _ENTRY_BYTES - 1 if entry and entry[1] else _ENTRY_BYTES
            position = start + count * entry_bytes
            if position > self._stop or (count and not entry):
                raise Irregular
            section.add(first, count, _Lines(self._data, start, entry_bytes))
        heading = _TRAILER.match(self._data, position, self._stop)
        if heading is None:
            raise Irregular
        trailer = parse(self._data[heading.end() : min(heading.end() + _TRAILER_BYTES_MAX, self._stop)])
        if not isinstance(trailer, dict):
            raise Irregular
        hidden = trailer.get("/XRefStm")  # what readers before 1.5 are not to see: free in the table, listed here
        if isinstance(hidden, int):
            self._read_stream(self._behind_header(self._base + hidden))
        self._sections.append(section.finish())
        return trailer

    def _read_stream(self, position: int) -> Dictionary:
        head = self._data[position : min(position + _TRAILER_BYTES_MAX, self._stop)]
        opened = _STREAM.search(head)
        attributes = parse(head[: opened.start() + 2]) if opened else None
        if opened is None or not isinstance(attributes, dict) or attributes.get("/Type") != "/XRef":
            raise Irregular
        length, size = attributes.get("/Length"), attributes.get("/Size")
        start = position + opened.end()
        if not isinstance(length, int) or not 0 < length <= self._stop - start or not isinstance(size, int):
            raise Irregular
        rows = unpacked(self._data[start : start + length], attributes, _ENTRIES_BYTES_MAX)
        widths = _whole_numbers(attributes.get("/W"))
        index = _whole_numbers(attributes.get("/Index", [0, size]))
        if len(widths) != 3 or max(widths) > 8 or len(index) % 2:
            raise Irregular
        section, at = _Section(), 0
        for first, count in zip(index[::2], index[1::2], strict=True):
            section.add(first, count, _Rows(rows, at, (widths[0], widths[1], widths[2])))
            at += count * sum(widths)
        if at > len(rows):
            raise Irregular
        self._sections.append(section.finish())
        return attributes


def _whole_numbers(value: Value) -> list[int]:
    numbers = [number for number in value if isinstance(number, int)] if isinstance(value, list) else []
    if not isinstance(value, list) or len(numbers) != len(value) or any(number < 0 for number in numbers):
        raise Irregular
    return numbers
