"""The objects of a PDF file that is written as the standard has it, read where they stand.

qpdf reads and repairs everything, at a price; this reader only does what most files need, in the time that a page
count may take, and without a password: the page tree of an encrypted file is in plain.
"""

from __future__ import annotations

import functools
import re
from typing import Protocol

from platen.documents.pdf.shapes import ShapeParser
from platen.documents.pdf.streams import unpacked
from platen.documents.pdf.syntax import Dictionary, Irregular, Ref, Stream, Value, parse
from platen.documents.pdf.xref import Place
from platen.documents.source import Data

_WINDOW_BYTES = 1024  # holds most objects
_WINDOWS = (_WINDOW_BYTES, 16 * 1024, 1024 * 1024, 8 * 1024 * 1024)
_LONG_BYTES_MAX = 1024 * 1024 * 1024  # read for objects that are longer than a window, each time that one is asked for
_END = re.compile(rb"endobj|[0-9][\s\0]obj\b")  # where the first is forgotten, the next object's header ends this one
_HOPS_MAX = 16  # references to references
_OBJECT = re.compile(rb"[\s\0]*(\d{1,10})[\s\0]+(\d{1,5})[\s\0]+obj\b")
_STREAM = re.compile(rb">>[\s\0]*stream(?:\r\n|\n|\r)")
_PACKED_BYTES_MAX = 32 * 1024 * 1024  # of one object stream, and of those that are kept for the next object
_UNPACKED_BYTES_MAX = 512 * 1024 * 1024  # of all object streams, counted each time that one is unpacked


class Places(Protocol):
    """Where the objects are."""

    @property
    def trailer(self) -> Dictionary: ...

    def find(self, number: int) -> Place | None: ...


class ObjectsInFile:
    """Objects at known places. Anything out of the ordinary raises Irregular, or is taken as null where `lenient`."""

    def __init__(self, data: Data, base: int, stop: int, places: Places, *, lenient: bool = False) -> None:
        """Args: base: offset that the places count from; stop: end of the file."""
        self._data, self._base, self._stop, self._places, self._lenient = data, base, stop, places, lenient
        self._parser = ShapeParser()
        self._packed: dict[int, tuple[list[int], list[bytes]]] = {}
        self._packed_bytes = 0
        self._long_left = _LONG_BYTES_MAX
        self._opening: set[int] = set()
        self._unpacked_left = _UNPACKED_BYTES_MAX

    @property
    def trailer(self) -> Dictionary:
        return self._places.trailer

    @property
    def is_encrypted(self) -> bool:
        return self.trailer.get("/Encrypt") is not None

    @functools.cached_property
    def is_readable(self) -> bool:
        """No password is needed: nothing is encrypted, or attached files alone (ISO 32000-1 section 7.6.5)."""
        if not self.is_encrypted:
            return True
        try:
            encryption = self.resolve(self.trailer.get("/Encrypt"))
        except Irregular:
            return False
        if not isinstance(encryption, dict) or encryption.get("/V") not in (4, 5):
            return False
        return all(encryption.get(key, "/Identity") == "/Identity" for key in ("/StmF", "/StrF"))

    def resolve(self, value: Value) -> Value:
        for _ in range(_HOPS_MAX):
            if value.__class__ is not Ref:  # faster than isinstance, on the way of every object
                return value
            place = self._places.find(value.number)
            if place is None:
                return None
            try:
                value = self._from_stream(place) if place.is_packed else self._at(place, value.number)
            except Irregular:
                if not self._lenient:
                    raise
                return None
        return None

    def octets(self, stream: Stream, bytes_max: int) -> bytes:
        if not self.is_readable:
            raise Irregular
        end = self._end_of(stream)
        if end < 0:
            raise Irregular
        return unpacked(self._data[stream.at : end], stream.attributes, bytes_max)

    def _end_of(self, stream: Stream) -> int:
        """Where the data of a stream end, by its length or, of a damaged file, by its end; negative: not known."""
        length = self.resolve(stream.attributes.get("/Length"))
        if isinstance(length, int) and 0 <= length <= self._stop - stream.at:
            end = stream.at + length
            if b"endstream" in self._data[end : min(end + 32, self._stop)]:
                return end
        return self._data.find(b"endstream", stream.at, self._stop) if self._lenient else -1

    def _at(self, place: Place, number: int) -> Value:
        position = self._base + place.at
        if place.minor == 0:
            value = self._parser.at(self._data, position, self._stop, number)
            if value is not None:
                return value
        text = self._data[position : position + _WINDOW_BYTES]
        header = b"%d %d obj" % (number, place.minor)
        end = text.find(b"endobj")
        if not text.startswith(header) or position + max(end, 0) > self._stop:
            return self._at_length(position, number)
        if end < 0 or text.find(b"stream", 0, end) >= 0:
            return self._stream_at(position, text, len(header)) or self._at_length(position, number)
        return self._parser.parse(text[len(header) : end])

    def _stream_at(self, position: int, text: bytes, start: int) -> Stream | None:
        """The stream whose dictionary begins at `start` of the text; None: it is not plain to see where that ends."""
        opened = _STREAM.search(text, start)
        if opened is None or text.find(b"obj", start, opened.start()) >= 0 or position + opened.end() > self._stop:
            return None
        attributes = parse(text[start : opened.start() + 2])
        return Stream(attributes, position + opened.end()) if isinstance(attributes, dict) else None

    def _at_length(self, position: int, number: int) -> Value:
        """An object that is long, a stream, or written in an uncommon way."""
        text, start, end, opened = b"", 0, 0, None
        for window in _WINDOWS:
            text = self._data[position : min(position + window, self._stop)]
            self._long_left -= len(text)
            header = _OBJECT.match(text)
            if header is None or int(header[1]) != number:
                raise Irregular
            start = header.end()
            ended = _END.search(text, start)
            end = ended.start() if ended else len(text)
            opened = _STREAM.search(text, start, end)
            if ended or opened or position + window >= self._stop or self._long_left < 0:
                break
        if opened is None:
            return parse(text[start:end])
        attributes = parse(text[start : opened.start() + 2])
        if not isinstance(attributes, dict):
            raise Irregular
        return Stream(attributes, position + opened.end())

    def _from_stream(self, place: Place) -> Value:
        _, objects = self._unpacked(place.at)
        if place.minor >= len(objects):
            raise Irregular
        return self._parser.parse(objects[place.minor])

    def numbers_in(self, number: int) -> list[int]:
        """The numbers of the objects in an object stream. Raises: Irregular."""
        return self._unpacked(number)[0]

    def _unpacked(self, number: int) -> tuple[list[int], list[bytes]]:
        """Numbers and text of the objects in an object stream (ISO 32000-1 section 7.5.7)."""
        if number in self._packed:
            return self._packed[number]
        place = self._places.find(number)
        if number in self._opening or place is None or place.is_packed or self._unpacked_left <= 0:
            raise Irregular
        self._opening.add(number)  # its length may not be one of its own objects
        try:
            stream = self._at(place, number)
            if not isinstance(stream, Stream) or stream.attributes.get("/Type") != "/ObjStm":
                raise Irregular
            octets = self.octets(stream, _PACKED_BYTES_MAX)
        finally:
            self._opening.discard(number)
        self._unpacked_left -= len(octets)
        self._packed_bytes += len(octets)
        while self._packed and self._packed_bytes > _PACKED_BYTES_MAX:
            oldest = self._packed.pop(next(iter(self._packed)))
            self._packed_bytes -= sum(map(len, oldest[1]))
        self._packed[number] = _split(octets, stream.attributes)
        return self._packed[number]


def _split(octets: bytes, attributes: Dictionary) -> tuple[list[int], list[bytes]]:
    first, count = attributes.get("/First"), attributes.get("/N")
    if not isinstance(first, int) or not isinstance(count, int) or not 0 <= first <= len(octets):
        raise Irregular
    try:
        numbers = [int(word) for word in octets[:first].split()]
    except ValueError:
        raise Irregular from None
    starts = [first + offset for offset in numbers[1::2]]
    if len(starts) != count or len(numbers) != 2 * count or starts != sorted(starts):
        raise Irregular
    ends = [*starts[1:], len(octets)]
    return numbers[::2], [octets[start:end] for start, end in zip(starts, ends, strict=True)]
