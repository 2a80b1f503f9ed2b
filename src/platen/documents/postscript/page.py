"""What comes out: the page being painted, and the pages that were shown."""

from __future__ import annotations

from dataclasses import dataclass

from platen.documents.facts import Sides
from platen.documents.near_gray import NEAR_GRAY_SHARE

# What paint looks like, as bits that add up over a page.
WHITE = 0
GREY = 1
COLOR = 2
UNCLEAR = 4  # something visible, whose colour is not known

# Of 1.0: what a person takes for white.
_PAPER = 0.985


def ink_of(red: float, green: float, blue: float) -> int:
    """How a colour looks on paper."""
    low, high = min(red, green, blue), max(red, green, blue)
    if high - low > NEAR_GRAY_SHARE:
        return COLOR
    return GREY if low < _PAPER else WHITE


class Page:
    """Whatever is marked since the last page came out, or by a pattern or glyph that is looked at by itself."""

    __slots__ = ("inks",)

    def __init__(self) -> None:
        self.inks = WHITE


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page as it came out."""

    size_pt: tuple[float, float] | None  # None: the program leaves it to the device
    inks: int
    copies: int | None  # None: the program does not say
    sides: Sides | None
    collate: bool | None

    @property
    def color(self) -> bool | None:
        if self.inks & COLOR:
            return True
        return None if self.inks & UNCLEAR else False

    @property
    def blank(self) -> bool:
        return self.inks == WHITE


class PageLedger:
    """The pages that came out, as runs of like ones."""

    def __init__(self, pages_max: int) -> None:
        self.runs: list[tuple[PrintedPage, int]] = []
        self.pages = 0
        self.pages_max = pages_max
        self.laid = 0  # pages shown since the last one came out, as number-up lays them on one
        self.laid_most = 1
        self.full = False
        self._position = -1
        self._pages_before = 0

    def pages_before(self, position: int) -> int:
        """The pages that had come out when the job's data were read up to a position."""
        return self._pages_before if position == self._position else self.pages

    def add(self, page: PrintedPage, position: int) -> None:
        """Add a page that came out when the job's data had been read up to a position."""
        if position != self._position:
            self._position, self._pages_before = position, self.pages
        if self.pages >= self.pages_max:
            self.full = True
            return
        self.pages += 1
        self.laid_most = max(self.laid_most, self.laid)
        self.laid = 0
        if self.runs and self.runs[-1][0] == page:
            self.runs[-1] = (page, self.runs[-1][1] + 1)
        else:
            self.runs.append((page, 1))
