"""TIFF 6.0 and BigTIFF: each image file directory of the chain is a page, but for thumbnails and masks.

Directories that hang below others (SubIFDs) are no pages. A page's size is its pixels at its resolution where that is
a standard size, as with scans and faxes; any other picture is fitted to the media that the job names.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_INCH, media_for_size
from platen.documents.pictures.page import PicturePages
from platen.documents.source import Data

_SUBFILE, _OLD_SUBFILE, _WIDTH, _HEIGHT = 254, 255, 256, 257
_PHOTOMETRIC, _SAMPLES, _X_RESOLUTION, _Y_RESOLUTION, _UNIT = 262, 277, 282, 283, 296
_TAGS = frozenset(
    {_SUBFILE, _OLD_SUBFILE, _WIDTH, _HEIGHT, _PHOTOMETRIC, _SAMPLES, _X_RESOLUTION, _Y_RESOLUTION, _UNIT}
)
_STRIPS, _TILES = (273, 279), (324, 325)  # where they are, and how many octets
_REDUCED, _MASK = 1, 4  # bits of NewSubfileType
_OLD_REDUCED = 2
_GRAY = frozenset({0, 1})  # WhiteIsZero, BlackIsZero
_PER_CM, _NO_UNIT = 3, 1
_BYTE, _SHORT, _LONG, _RATIONAL, _LONG8 = 1, 3, 4, 5, 16
_NUMBERS = {_BYTE: "B", _SHORT: "H", _LONG: "I", _LONG8: "Q"}
_ENTRIES_MAX = 4096
_STRIPS_MAX = 1 << 20  # of the whole file, as far as they are looked at for where the file ends
_SCAN_MM = 3.0  # off a standard size, as scanners cut
_FAX_MM, _FAX_DPI = 6.0, frozenset({204, 408})  # ITU-T T.4: lines of 215 mm for A4


@dataclass(slots=True)
class _Directory:
    """The tags of one image file directory that count."""

    tags: dict[int, float] = field(default_factory=dict)
    end: int = 0  # behind it and its pixels, from the beginning of the data

    @property
    def is_page(self) -> bool:
        return not int(self.tags.get(_SUBFILE, 0)) & (_REDUCED | _MASK) and self.tags.get(_OLD_SUBFILE) != _OLD_REDUCED

    @property
    def is_gray(self) -> bool:
        return self.tags.get(_PHOTOMETRIC) in _GRAY and self.tags.get(_SAMPLES, 1) == 1

    @property
    def dpi(self) -> tuple[int, int] | None:
        unit = self.tags.get(_UNIT, 2)
        scale = 2.54 if unit == _PER_CM else 1
        across, along = (round(self.tags.get(tag, 0) * scale) for tag in (_X_RESOLUTION, _Y_RESOLUTION))
        return (across, along) if unit != _NO_UNIT and 0 < min(across, along) <= max(across, along) < 1 << 16 else None

    @property
    def size_mm(self) -> tuple[float, float] | None:
        if (dpi := self.dpi) is None:
            return None
        size = tuple(
            self.tags.get(tag, 0) / per_inch * MM_PER_INCH for tag, per_inch in zip((_WIDTH, _HEIGHT), dpi, strict=True)
        )
        return size[0], size[1]

    @property
    def media(self) -> str | None:
        """The paper that was scanned or faxed; None for a size that is no paper's."""
        if (size := self.size_mm) is None or self.dpi is None:
            return None
        name = media_for_size(*size, tolerance_mm=_FAX_MM if self.dpi[0] in _FAX_DPI else _SCAN_MM)
        return None if name.startswith("custom") else name


@dataclass(slots=True)
class _Chain:
    """The directories of a file, one after the other."""

    data: Data
    start: int
    order: str
    big: bool
    strips_left: int = _STRIPS_MAX

    def directories(self) -> Iterator[_Directory]:
        """Raises: struct.error, OverflowError where the chain leads out of the file."""
        count, pointer = ("Q", "Q") if self.big else ("H", "I")
        seen: set[int] = set()
        offset = self._number(pointer, self.start + (8 if self.big else 4))
        while offset and offset not in seen:
            seen.add(offset)
            at = self.start + offset
            entries = self._number(count, at)
            first, size = at + struct.calcsize(count), 20 if self.big else 12
            if first + entries * size > len(self.data):
                raise struct.error("the directory is longer than the file")
            directory = self._directory(first, entries, size)
            directory.end = max(first + entries * size, self._pixels_end(first, entries, size))
            yield directory
            offset = self._number(pointer, first + entries * size)

    def _number(self, kind: str, offset: int) -> int:
        value: int = struct.unpack_from(self.order + kind, self.data, offset)[0]
        return value

    def _directory(self, first: int, entries: int, size: int) -> _Directory:
        directory = _Directory()
        for at in range(first, first + min(entries, _ENTRIES_MAX) * size, size):
            tag, kind = struct.unpack_from(self.order + "HH", self.data, at)
            if tag in _TAGS and (value := self._value(at, kind)) is not None:
                directory.tags.setdefault(tag, value)
        if not directory.tags.get(_WIDTH) or not directory.tags.get(_HEIGHT):
            raise struct.error("the directory describes no picture")
        return directory

    def _pixels_end(self, first: int, entries: int, size: int) -> int:
        """The offset behind the last strip or tile that the directory names."""
        numbers: dict[int, tuple[int, ...]] = {}
        for at in range(first, first + min(entries, _ENTRIES_MAX) * size, size):
            (tag,) = struct.unpack_from(self.order + "H", self.data, at)
            if tag in (*_STRIPS, *_TILES):
                numbers[tag] = self._numbers(at)
        ends = [0]
        for offsets, sizes in (_STRIPS, _TILES):
            pairs = zip(numbers.get(offsets, ()), numbers.get(sizes, ()), strict=False)
            ends += [self.start + offset + octets for offset, octets in pairs]
        return max(ends)

    def _numbers(self, at: int) -> tuple[int, ...]:
        """All values of the entry at `at`, as far as they are there; nothing for kinds that are no numbers."""
        kind, count = struct.unpack_from(self.order + ("2xHQ" if self.big else "2xHI"), self.data, at)
        if kind not in _NUMBERS or count > self.strips_left:
            return ()
        self.strips_left -= count
        form = f"{self.order}{count}{_NUMBERS[kind]}"
        place, room = (at + 12, 8) if self.big else (at + 8, 4)
        if struct.calcsize(form) > room:
            place = self.start + self._number("Q" if self.big else "I", place)
        return struct.unpack_from(form, self.data, place) if place + struct.calcsize(form) <= len(self.data) else ()

    def _value(self, at: int, kind: int) -> float | None:
        """The first value of the entry at `at`; None for kinds that these tags do not have."""
        inline = at + (12 if self.big else 8)
        if kind in _NUMBERS:
            return self._number(_NUMBERS[kind], inline)
        if kind != _RATIONAL:
            return None
        offset = inline if self.big else self.start + self._number("I", inline)
        if offset + 8 > len(self.data):
            return None
        numerator, denominator = struct.unpack_from(self.order + "II", self.data, offset)
        return float(numerator / denominator) if denominator else None


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a TIFF file at `start`. Returns: its end, where something else may follow."""
    order = "<" if data[start : start + 2] == b"II" else ">"
    chain = _Chain(data, start, order, data[start + 2 : start + 4] in (b"+\0", b"\0+"))
    pages, before = PicturePages(data, start, "TIFF", draft, options), draft.pages
    frames, end = 0, start
    try:
        for frame, directory in enumerate(chain.directories()):
            frames, end = frame + 1, max(end, directory.end)
            if not directory.is_page:
                continue
            if draft.resolution_dpi is None:
                draft.resolution_dpi = directory.dpi
            media = directory.media
            size_mm = directory.size_mm if media else None
            if not pages.add(frame=frame, gray=directory.is_gray, size_mm=size_mm, media=media):
                break
    except (struct.error, OverflowError):
        draft.problem("The TIFF file is damaged or cut off: its list of pages ends too early, and more may follow.")
    else:
        draft.pages_known = True
    if draft.pages == before and frames:
        draft.problem("The TIFF file calls every picture in it a thumbnail; the first was counted as its page.")
        pages.add()
    if end > len(data):
        draft.problem("The TIFF file is cut off: the pixels of a page are not all there.")
    exit_at = data.find(UEL, end)
    return exit_at if exit_at >= 0 else len(data)
