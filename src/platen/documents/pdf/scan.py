"""Objects of a file whose cross-references are lost: found by going through the whole of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from platen.documents.pdf.objects_in_file import ObjectsInFile
from platen.documents.pdf.syntax import Dictionary, Irregular, Ref, Stream, parse
from platen.documents.pdf.xref import Place
from platen.documents.source import Data

_OBJ = re.compile(rb"[\s\0]obj(?![A-Za-z])")
_NUMBERS = re.compile(rb"(?:\A|[^0-9])([0-9]{1,10})[\s\0]+([0-9]{1,5})[\s\0]*\Z")
_LOOK_BACK_BYTES = 24
_TRAILER = re.compile(rb"trailer[\s\0]*(?=<<)")
_TRAILER_BYTES = 4096
_HEAD_BYTES = 256  # within which the type of an object is looked for
_OBJECTS_MAX = 4_000_000
_PACKED = re.compile(rb"/Type[\s\0]*/ObjStm")
_LISTED = re.compile(rb"/Type[\s\0]*/XRef")
_CATALOG = re.compile(rb"/Type[\s\0]*/Catalog")


class ObjectsFound(ObjectsInFile):
    """All objects between two offsets, the last one of each number; what cannot be read is null."""

    def __init__(self, data: Data, start: int, stop: int) -> None:
        self._found: dict[int, Place] = {}
        self._trailer: Dictionary = {}
        super().__init__(data, 0, stop, self, lenient=True)
        packed, listed, catalog = self._scan(start)
        self._read_trailers(start, listed)
        if "/Root" not in self._trailer and catalog is not None:
            self._trailer = {**self._trailer, "/Root": catalog}
        for number in packed:
            self._unpack_found(number)

    @property
    def trailer(self) -> Dictionary:
        return self._trailer

    def find(self, number: int) -> Place | None:
        return self._found.get(number)

    def refs(self) -> Iterator[Ref]:
        """All objects in the order in which they stand."""
        yield from (Ref(number, 0) for number in list(self._found))

    def _scan(self, start: int) -> tuple[list[int], list[int], Ref | None]:
        """Note where objects are. Returns: numbers of object streams, of cross-reference streams; the last catalog."""
        packed: list[int] = []
        listed: list[int] = []
        catalog: Ref | None = None
        data, found = self._data, self._found
        for obj in _OBJ.finditer(data, start, self._stop):
            at = obj.start()
            look_back = max(start, at - _LOOK_BACK_BYTES)
            numbers = _NUMBERS.search(data[look_back:at])
            if numbers is None:
                continue
            number = int(numbers[1])
            found.pop(number, None)  # so that the order is that of the definitions that count
            found[number] = Place(False, look_back + numbers.start(1), int(numbers[2]))
            head = data[obj.end() : min(obj.end() + _HEAD_BYTES, self._stop)]
            if _PACKED.search(head):
                packed.append(number)
            elif _LISTED.search(head):
                listed.append(number)
            elif _CATALOG.search(head):
                catalog = Ref(number, 0)
            if len(found) >= _OBJECTS_MAX:
                break
        return packed, listed, catalog

    def _read_trailers(self, start: int, listed: list[int]) -> None:
        """What the trailers say together; the last one counts most."""
        for number in listed:
            stream = self.resolve(Ref(number, 0))
            if isinstance(stream, Stream):
                self._trailer = {**self._trailer, **stream.attributes}
        for heading in _TRAILER.finditer(self._data, start, self._stop):
            try:
                trailer = parse(self._data[heading.end() : min(heading.end() + _TRAILER_BYTES, self._stop)])
            except Irregular:
                continue
            if isinstance(trailer, dict):
                self._trailer = {**self._trailer, **trailer}

    def _unpack_found(self, number: int) -> None:
        try:
            numbers = self.numbers_in(number)
        except Irregular:
            return
        for index, inner in enumerate(numbers):
            if len(self._found) < _OBJECTS_MAX:
                self._found.setdefault(inner, Place(True, number, index))
