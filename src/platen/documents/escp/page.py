"""The sheet in an ESC/P printer: how far down it is printed, in what colours, and when it comes out."""

from __future__ import annotations

from platen.documents.draft import Draft
from platen.documents.media import MM_PER_INCH, SIZES, TOLERANCE_MM

_DEFAULT_LENGTH_IN = 11.0  # 66 lines of a sixth of an inch, the length of continuous forms
_SHEET_LENGTH_IN = 12.0  # a single sheet that is not said to be shorter, A4 included, ends no earlier
_OVERLONG_MM = 12.0  # borderless drivers state a sheet longer than it is, so that its end is not noticed
_A4_MM = (210.0, 297.0)
_DOWN_MAX_IN = 1_000_000.0


class Sheet:
    """Collects marks; `eject` gives pages to the draft.

    Where the file does not state a page length, what stands between two form feeds is one page up to 12 inches, and
    pages of 11 inches beyond: sheets of A4 are longer than forms, and only the printer knows what is in it.
    """

    def __init__(self, draft: Draft, *, tells_color: bool) -> None:
        self._draft = draft
        self._tells_color = tells_color
        self.down_in = 0.0
        self._marked_in: float | None = None  # the lowest mark
        self._colored = False
        self.length_in: float | None = None
        self.above_in = 0.0  # printing begins so far above the sheet, to reach its edge
        self.size_mm: tuple[float, float] | None = None
        self.monochrome = False
        self.stopped = False
        self.was_fed = False  # a form feed ended a page
        self.was_reset = False  # since the last mark

    @property
    def is_marked(self) -> bool:
        return self._marked_in is not None

    def move(self, inches: float) -> None:
        self.down_in = min(_DOWN_MAX_IN, max(0.0, self.down_in + inches))

    def move_to(self, inches: float) -> None:
        """An absolute position; upwards is not possible."""
        self.down_in = min(_DOWN_MAX_IN, max(self.down_in, inches))

    def mark(self, *, colored: bool = False) -> None:
        self.was_reset = False
        self._marked_in = max(self._marked_in or 0.0, self.down_in)
        self._colored = self._colored or (colored and not self.monochrome)

    def form_feed(self) -> None:
        """FF: the sheet comes out, whatever is on it."""
        self.was_fed = True
        self._eject(self._pages(self.down_in if self.length_in else self._marked_in or 0.0))

    def finish(self) -> None:
        """The end of the job: a sheet with something on it is printed as well."""
        if self._marked_in is not None:
            self._eject(self._pages(self._marked_in))

    def _pages(self, reached_in: float) -> int:
        """How many page lengths the position reaches into."""
        reached_in = max(0.0, reached_in - self.above_in)
        if self.length_in is None and reached_in <= _SHEET_LENGTH_IN:
            return 1
        # A line that begins where the page ends is on the next one; rounding of line heights is not a line.
        return int((reached_in + 0.001) / (self.length_in or _DEFAULT_LENGTH_IN)) + 1

    def _eject(self, pages: int) -> None:
        draft, marked = self._draft, self._marked_in
        with_marks = self._pages(marked) if marked is not None else 0
        color = self._colored if self._tells_color else None
        size_mm = _standard(self.size_mm)
        if size_mm is None and self.length_in and abs(self.length_in * MM_PER_INCH - _A4_MM[1]) < 1.5:
            size_mm = _A4_MM  # no form has this length
        for page in range(min(pages, draft.limits.pages_max + 1)):
            added = draft.add_page(
                size_mm=size_mm,
                color=color if page < with_marks or color is None else False,
                blank=page >= with_marks,
            )
            if not added:
                self.stopped = True
                break
        self.down_in, self._marked_in, self._colored = 0.0, None, False


def _standard(size_mm: tuple[float, float] | None) -> tuple[float, float] | None:
    """The size, or the standard sheet that it is an overlong statement of."""
    if size_mm is None:
        return None
    width_mm, length_mm = size_mm
    for size in SIZES:
        beyond = length_mm - size.height_mm
        if abs(size.width_mm - width_mm) <= TOLERANCE_MM and -TOLERANCE_MM <= beyond <= _OVERLONG_MM:
            return size.width_mm, size.height_mm
    return size_mm
