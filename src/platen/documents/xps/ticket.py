"""Print tickets (Print Schema): what the package asks of the device, for the job, a document or a page.

<psf:Feature name="psk:JobDuplexAllDocumentsContiguously"> <psf:Option name="psk:TwoSidedLongEdge"/> </psf:Feature>
<psf:ParameterInit name="psk:JobCopiesAllDocuments"> <psf:Value>2</psf:Value> </psf:ParameterInit>

A keyword begins with what it is for: Job, Document or Page. The ticket of a job may hold all three, that of a document
no Job, that of a page Page alone; what stands where it may not is passed over. What a ticket says of documents and
pages holds for them until their own tickets say otherwise.
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
JOB, DOCUMENT, PAGE = ("Job", "Document", "Page"), ("Document", "Page"), ("Page",)  # whose keywords a ticket may hold
_JOB_DUPLEX, _DOCUMENT_DUPLEX = "JobDuplexAllDocumentsContiguously", "DocumentDuplex"
_JOB_NUMBER_UP, _DOCUMENT_NUMBER_UP = "JobNUpAllDocumentsContiguously", "DocumentNUp"
_COPIES_MAX = 999_999  # far more than are counted
_NUMBER_UP_MAX = 64


@dataclass(slots=True)
class Feature:
    """What was chosen: the option, and the numbers that belong to it."""

    option: str = ""
    numbers: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Ticket:
    """The features of one ticket, and its parameters."""

    features: dict[str, Feature] = field(default_factory=dict)
    parameters: dict[str, int] = field(default_factory=dict)

    def over(self, outer: Ticket) -> Ticket:
        """What holds where this ticket stands within another."""
        return Ticket(outer.features | self.features, outer.parameters | self.parameters)

    def _option(self, *names: str) -> str:
        """What was chosen for the first of the features that is there."""
        return next((self.features[name].option for name in names if name in self.features), "")

    @property
    def sides(self) -> Sides | None:
        """Of a document; its own keyword wins, where the two that exclude each other are both there."""
        return _SIDES.get(self._option(_DOCUMENT_DUPLEX)) or _SIDES.get(self._option(_JOB_DUPLEX))

    @property
    def number_up(self) -> int:
        """Pages that the device lays on each side."""
        for name in (_DOCUMENT_NUMBER_UP, _JOB_NUMBER_UP):
            pages = self.features[name].numbers.get("PagesPerSheet", 1) if name in self.features else 1
            if pages > 1:
                return min(_NUMBER_UP_MAX, pages)
        return 1

    @property
    def is_contiguous(self) -> bool:
        """All documents of the job are laid out as one: each begins where the last ends."""
        sides = _SIDES.get(self._option(_JOB_DUPLEX))
        number_up = self.features.get(_JOB_NUMBER_UP)
        two_sided = sides is not None and sides.is_two_sided
        return two_sided or (number_up is not None and number_up.numbers.get("PagesPerSheet", 1) > 1)

    @property
    def keeps_documents_apart(self) -> bool:
        """A document is laid out by itself, as it has settings of its own."""
        own = (_DOCUMENT_DUPLEX, _DOCUMENT_NUMBER_UP)
        return any(name in self.features for name in own) or self.copies("Document") > 1

    def media_mm(self, page_mm: tuple[float, float] | None) -> tuple[float, float] | None:
        """The paper that the ticket names, turned as a page of this size; None: it names none that is known."""
        feature = self.features.get("PageMediaSize")
        if feature is None:
            return None
        microns = [
            feature.numbers.get(name) or self.parameters.get(f"PageMediaSize{name}", 0)
            for name in ("MediaSizeWidth", "MediaSizeHeight")
        ]
        size = (microns[0] / 1000, microns[1] / 1000) if min(microns) > 0 else None
        word = feature.option.removeprefix("ISO").removeprefix("NorthAmerica")
        if size is None and (media := media_for_word(word)):
            size = size_of_media(media)
        if size is None or page_mm is None:
            return size
        return size if (size[0] > size[1]) == (page_mm[0] > page_mm[1]) else size[::-1]

    def copies(self, scope: str) -> int:
        """Of the Job, of each Document, or of each Page: they multiply."""
        name = {"Job": "JobCopiesAllDocuments", "Document": "DocumentCopiesAllPages"}.get(scope, "PageCopies")
        return min(_COPIES_MAX, max(1, self.parameters.get(name, 1)))

    @property
    def collated(self) -> bool | None:
        option = self._option("DocumentCollate", "JobCollateAllDocuments")
        return {"Collated": True, "Uncollated": False}.get(option)

    @property
    def is_monochrome(self) -> bool:
        return self._option("PageOutputColor") in ("Monochrome", "Grayscale")

    @property
    def resolution_dpi(self) -> tuple[int, int] | None:
        feature = self.features.get("PageResolution", Feature())
        across, along = feature.numbers.get("ResolutionX", 0), feature.numbers.get("ResolutionY", 0)
        return (across, along) if across > 0 and along > 0 else None


class _Reader:
    def __init__(self, scopes: tuple[str, ...]) -> None:
        self.ticket = Ticket()
        self._scopes = scopes
        self._open: list[tuple[str, str]] = []  # elements and names

    def begin(self, element: str, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "").rpartition(":")[2]
        if element == "Option" and (feature := self._feature()) is not None:
            feature.option = feature.option or name
        self._open.append((element, name))

    def end(self, element: str, text: str) -> None:
        self._open.pop()
        if element != "Value" or not text.isdecimal() or len(text) >= 10 or not self._open:
            return
        outer, name = self._open[-1]
        if outer == "ParameterInit" and name.startswith(self._scopes):
            self.ticket.parameters.setdefault(name, int(text))
        elif (feature := self._feature()) is not None:
            feature.numbers.setdefault(name, int(text))

    def _feature(self) -> Feature | None:
        """The innermost feature that is open; None where its name may not stand in this ticket."""
        name = next((name for element, name in reversed(self._open) if element == "Feature"), "")
        return self.ticket.features.setdefault(name, Feature()) if name.startswith(self._scopes) else None


def read_ticket(chunks: Iterable[bytes], scopes: tuple[str, ...]) -> Ticket:
    """What a ticket says, as far as it can be read and may stand in it (JOB, DOCUMENT, PAGE)."""
    reader = _Reader(scopes)
    walk(chunks, reader.begin, reader.end)
    return reader.ticket
