"""Print tickets (Print Schema): what the package asks of the device.

<psf:Feature name="psk:JobDuplexAllDocumentsContiguously"> <psf:Option name="psk:TwoSidedLongEdge"/> </psf:Feature>
<psf:ParameterInit name="psk:JobCopiesAllDocuments"> <psf:Value>2</psf:Value> </psf:ParameterInit>
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from platen.documents.facts import Sides
from platen.documents.media import media_for_word, size_of_media
from platen.documents.xps.markup import walk

_SIDES = {
    "OneSided": Sides.ONE_SIDED,
    "TwoSidedLongEdge": Sides.TWO_SIDED_LONG_EDGE,
    "TwoSidedShortEdge": Sides.TWO_SIDED_SHORT_EDGE,
}
_TWO_SIDED = (Sides.TWO_SIDED_LONG_EDGE, Sides.TWO_SIDED_SHORT_EDGE)
_COPIES = ("JobCopiesAllDocuments", "DocumentCopiesAllPages", "PageCopies")
_COPIES_MAX = 999_999  # far more than are counted


@dataclass(slots=True)
class Ticket:
    """The features of one ticket: options by feature, and numbers by feature and property, or by parameter."""

    options: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def sides(self) -> Sides | None:
        for name, option in self.options.items():
            if "Duplex" in name and option in _SIDES:
                return _SIDES[option]
        return None

    @property
    def is_contiguous(self) -> bool:
        """Two-sided or several pages on a side through all documents of the job: one begins where the last ends."""
        return self.sides in _TWO_SIDED or self.pages_per_side > 1

    @property
    def leaves_paper(self) -> bool:
        """Neither sides nor copies are said here."""
        return self.sides is None and self.copies == 1

    def media_mm(self, page_mm: tuple[float, float] | None) -> tuple[float, float] | None:
        """The paper that the ticket names, turned as a page of this size; None: it names none that is known."""
        microns = self.numbers.get("MediaSizeWidth", 0), self.numbers.get("MediaSizeHeight", 0)
        size = (microns[0] / 1000, microns[1] / 1000) if min(microns) > 0 else None
        word = self.options.get("PageMediaSize", "").removeprefix("ISO").removeprefix("NorthAmerica")
        if size is None and (media := media_for_word(word)):
            size = size_of_media(media)
        if size is None or page_mm is None:
            return size
        return size if (size[0] > size[1]) == (page_mm[0] > page_mm[1]) else size[::-1]

    @property
    def copies(self) -> int:
        copies = 1
        for name in _COPIES:
            copies *= min(_COPIES_MAX, max(1, self.numbers.get(name, 1)))
        return copies

    @property
    def collated(self) -> bool | None:
        option = next((option for name, option in self.options.items() if name.endswith("Collate")), None)
        return {"Collated": True, "Uncollated": False}.get(option or "")

    @property
    def is_monochrome(self) -> bool:
        return self.options.get("PageOutputColor") in ("Monochrome", "Grayscale")

    @property
    def pages_per_side(self) -> int:
        """JobNUpAllDocumentsContiguously, DocumentNUp: pages that the device lays on each side."""
        return max(1, min(64, self.numbers.get("PagesPerSheet", 1)))

    @property
    def resolution_dpi(self) -> tuple[int, int] | None:
        across, along = self.numbers.get("ResolutionX", 0), self.numbers.get("ResolutionY", 0)
        return (across, along) if across > 0 and along > 0 else None


class _Reader:
    def __init__(self) -> None:
        self.ticket = Ticket()
        self._names: list[str] = []

    def begin(self, element: str, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "").rpartition(":")[2]
        self._names.append(name)
        if element == "Option" and name:
            feature = next((outer for outer in reversed(self._names[:-1]) if outer), "")
            self.ticket.options.setdefault(feature, name)

    def end(self, element: str, text: str) -> None:
        self._names.pop()
        if element == "Value" and text.isdecimal() and len(text) < 10:
            name = next((outer for outer in reversed(self._names) if outer), "")
            self.ticket.numbers.setdefault(name, int(text))


def read_ticket(chunks: Iterable[bytes]) -> Ticket:
    """What a ticket says, as far as it can be read."""
    reader = _Reader()
    walk(chunks, reader.begin, reader.end)
    return reader.ticket
