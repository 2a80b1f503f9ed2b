"""Objects of a file whose cross-references are lost: found by going through the whole of it."""

from __future__ import annotations

import bisect
import contextlib
import itertools
import re
from collections.abc import Iterator

from platen.documents.pdf.objects_in_file import ObjectsInFile
from platen.documents.pdf.syntax import Dictionary, Irregular, Ref, Stream, Value, parse
from platen.documents.pdf.xref import Place
from platen.documents.source import Data

_OBJ = re.compile(rb"[\s\0]obj(?![A-Za-z])")
_NUMBERS = re.compile(rb"(?:\A|[^0-9])([0-9]{1,10})[\s\0]+([0-9]{1,5})[\s\0]*\Z")
_LOOK_BACK_BYTES = 24
_TRAILER_BYTES = 4096
_HEAD_BYTES = 256  # within which the type of an object is looked for
_SMALL_BYTES = 4096  # of an object whose octets are looked at before it is read
_OBJECTS_MAX = 1_000_000
_TRAILERS_MAX = 64
_REPAIRABLE_MAX = 100_000  # objects; qpdf takes long, and cannot be stopped, where all have to be searched for
_ATTACHED = re.compile(rb"stream\r?\n(?=%PDF-\d)")
_LENGTH = re.compile(rb"/Length[\s\0]+(\d{1,10})(?![\s\0]+\d+[\s\0]+R)\b")
_ATTACHED_END = re.compile(rb"%%EOF[\s\0]*endstream[\s\0]*endobj")
_STREAM_END = re.compile(rb"[\s\0]*endstream\b")
_KIND = re.compile(rb"/Type[\s\0]*/(ObjStm|XRef|Catalog)\b")


class ObjectsFound(ObjectsInFile):
    """All objects between two offsets, the last one of each number; what cannot be read is null."""

    def __init__(self, data: Data, start: int, stop: int) -> None:
        self.attached: list[tuple[int, int]] = []  # from where to where other PDF files lie in streams
        self._found: dict[int, Place] = {}
        self._trailer: Dictionary = {}
        super().__init__(data, 0, stop, self, lenient=True)
        packed, listed, catalog = self._scan(start)
        self._read_trailers(start, listed)
        if "/Root" not in self._trailer and catalog is not None:
            self._trailer = {**self._trailer, "/Root": catalog}
        for number in packed:
            self._unpack_found(number)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def trailer(self) -> Dictionary:
        return self._trailer

    def find(self, number: int) -> Place | None:
        return self._found.get(number)

    @property
    def is_repairable(self) -> bool:
        """Whether qpdf, which has to search for the objects as well, may be asked."""
        return len(self._found) <= _REPAIRABLE_MAX

    def refs(self) -> Iterator[Ref]:
        """All objects in the order in which they stand."""
        yield from (Ref(number, 0) for number in list(self._found))

    def may_be_page(self, ref: Ref) -> bool:
        """Whether the object can be a page: most can be told by their octets, without reading them."""
        place = self._found[ref.number]
        if place.is_packed:
            return True
        end = self._data.find(b"endobj", place.at, min(self._stop, place.at + _SMALL_BYTES))
        return end < 0 or self._data.find(b"/Page", place.at, end) >= 0

    def _scan(self, start: int) -> tuple[list[int], list[int], Ref | None]:
        """Note where objects are. Returns: numbers of object streams, of cross-reference streams; the last catalog."""
        packed: list[int] = []
        listed: list[int] = []
        catalog: Ref | None = None
        data, found = self._data, self._found
        for obj in itertools.islice(_OBJ.finditer(data, start, self._stop), _OBJECTS_MAX):
            at = obj.start()
            look_back = max(start, at - _LOOK_BACK_BYTES)
            numbers = _NUMBERS.search(data[look_back:at])
            if numbers is None or (self.attached and self._is_attached(at)):
                continue
            number = int(numbers[1])
            found.pop(number, None)  # so that the order is that of the definitions that count
            found[number] = Place(False, look_back + numbers.start(1), int(numbers[2]))
            head = data[at : min(at + _HEAD_BYTES, self._stop)]
            if b"%PDF-" in head and (attached := _ATTACHED.search(head.partition(b"endobj")[0])):
                self._pass_over(at + attached.end(), head[: attached.start()])
            kind = _KIND.search(head)
            if kind is None:
                continue
            if kind[1] == b"ObjStm":
                packed.append(number)
            elif kind[1] == b"XRef":
                listed.append(number)
            else:
                catalog = Ref(number, 0)
        return packed, listed, catalog

    def _pass_over(self, begin: int, attributes: bytes) -> None:
        """Leave out the objects of a PDF file that lies in a stream as it is: an attachment."""
        length = _LENGTH.search(attributes)
        end = begin + int(length[1]) if length else self._stop
        if end >= self._stop or not _STREAM_END.match(self._data, end, self._stop):
            found = _ATTACHED_END.search(self._data, begin, self._stop)
            end = found.start() if found else begin
        self.attached.append((begin, end))

    def _is_attached(self, at: int) -> bool:
        index = bisect.bisect_right(self.attached, (at, self._stop)) - 1
        return index >= 0 and at < self.attached[index][1]

    def _read_trailers(self, start: int, listed: list[int]) -> None:
        """What the trailers say together; the last one counts most."""
        trailers: list[Value] = [self.resolve(Ref(number, 0)) for number in listed[-_TRAILERS_MAX:]]
        headings: list[int] = []
        at = self._data.rfind(b"trailer", start, self._stop)
        while at >= 0 and len(headings) < _TRAILERS_MAX:
            if not self._is_attached(at):
                headings.insert(0, at)
            at = self._data.rfind(b"trailer", start, at)
        for heading in headings:
            text = self._data[heading + len(b"trailer") : min(heading + _TRAILER_BYTES, self._stop)]
            with contextlib.suppress(Irregular):
                trailers.append(parse(text))
        for trailer in trailers:
            attributes = trailer.attributes if isinstance(trailer, Stream) else trailer
            if isinstance(attributes, dict):
                self._trailer = {**self._trailer, **attributes}

    def _unpack_found(self, number: int) -> None:
        try:
            numbers = self.numbers_in(number)
        except Irregular:
            return
        for index, inner in enumerate(numbers):
            if len(self._found) < _OBJECTS_MAX:
                self._found.setdefault(inner, Place(True, number, index))
