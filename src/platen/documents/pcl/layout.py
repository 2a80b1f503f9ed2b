"""Where the next line of text stands, so that text which flows over the foot of a page is counted.

PCL 5 TRM, "Page Control" and "Cursor Positioning". Only what moves the cursor down is followed: where the graphics on
a page move it as well, it stands no higher than this says, so no page is counted that does not come out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from platen.documents.media import MM_PER_INCH

# All lengths are in 1/7200 inch: PCL's own units (1/48 inch, decipoints, dots) are whole numbers of it.
INCH = 7200
_HALF_INCH = INCH // 2
_LETTER = (INCH * 17 // 2, INCH * 11)
_SIDE_MARGIN = INCH // 4  # of the logical page, either side
_MOVE_MAX = 1 << 40


@dataclass(slots=True)
class TextLayout:
    """The text area and the cursor of one page."""

    width: int = _LETTER[0]
    height: int = _LETTER[1]
    vmi: int = INCH // 6  # vertical motion index: from one line to the next
    hmi: int = INCH // 10
    top: int = _HALF_INCH
    text_length: int = field(default=_LETTER[1] - INCH)
    skips_perforation: bool = True
    wraps: bool = False
    line_termination: int = 0  # ESC &k#G
    y: int | None = None  # of the cursor; None: where the first line stands
    column: int = 0  # characters on the line, kept only while lines wrap

    def set_paper(self, size_mm: tuple[float, float] | None) -> None:
        """A new page format: margins and cursor return to their defaults. None: the device's own, taken as Letter."""
        if size_mm is None:
            self.width, self.height = _LETTER
        else:
            self.width, self.height = (min(round(mm / MM_PER_INCH * INCH), _MOVE_MAX) for mm in size_mm)
        self.set_length(self.height)

    def set_length(self, height: int) -> None:
        self.height = height
        self.top = _HALF_INCH
        self.text_length = max(0, height - self.top - _HALF_INCH)
        self.home()

    def home(self) -> None:
        """The cursor returns to the first line (a new page)."""
        self.y, self.column = None, 0

    @property
    def first_line(self) -> int:
        return self.top + self.vmi * 3 // 4

    @property
    def limit(self) -> int:
        return self.top + self.text_length if self.skips_perforation else self.height

    @property
    def columns(self) -> int:
        """Characters that a line holds before it wraps."""
        return max(1, (self.width - 2 * _SIDE_MARGIN) // self.hmi) if self.hmi > 0 else 1 << 30

    def set_top_margin(self, lines: float) -> None:
        top = self._lines(lines)
        if top is not None and top <= self.height:
            self.top = top
            self.text_length = max(0, self.height - top - _HALF_INCH)

    def set_text_length(self, lines: float) -> None:
        length = self._lines(lines)
        if length is not None and length <= self.height - self.top:
            self.text_length = length

    def _lines(self, lines: float) -> int | None:
        return int(lines * self.vmi) if self.vmi > 0 and 0 <= lines < 10_000 else None

    def set_vmi(self, inches: float) -> None:
        if 0 <= inches <= 10:
            self.vmi = int(inches * INCH)

    def place(self, distance: float, *, is_relative: bool) -> None:
        """Move to a position down from the top margin, or from where the cursor is. Never leaves the page."""
        start = (self.first_line if self.y is None else self.y) if is_relative else self.top
        self.y = max(0, min(self.height, start + int(max(-_MOVE_MAX, min(_MOVE_MAX, distance)))))

    def fits(self, lines: int) -> bool:
        """Whether so many line feeds stay on the page."""
        return (self.first_line if self.y is None else self.y) + lines * self.vmi <= self.limit

    @property
    def room(self) -> int:
        """How many line feeds stay on the page."""
        if self.vmi <= 0:
            return 1 << 30
        return (self.limit - (self.first_line if self.y is None else self.y)) // self.vmi

    def feed(self, lines: float) -> bool:
        """Move down. Returns: True where that leads to the next page, on which the cursor then is."""
        y = (self.first_line if self.y is None else self.y) + int(lines * self.vmi)
        if y <= self.limit:
            self.y = max(0, y)
            return False
        self.home()
        return True
