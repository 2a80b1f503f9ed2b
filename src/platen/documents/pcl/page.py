"""The page under way in a PCL 5 job: what stands on it, and what it is when it comes out."""

from __future__ import annotations

from platen.documents.draft import Draft
from platen.documents.facts import PagesBasis, Sides
from platen.documents.limits import AnalysisOptions
from platen.documents.media import size_of_media
from platen.documents.pcl.layout import TextLayout
from platen.documents.pcl.palette import Look, most_striking
from platen.documents.pcl.sheets import FinishedPage, Sheets

_SIDES = {0: Sides.ONE_SIDED, 1: Sides.TWO_SIDED_LONG_EDGE, 2: Sides.TWO_SIDED_SHORT_EDGE}
_DECIPOINTS_PER_MM = 720 / 25.4


class PageUnderWay:
    """The current page and the settings that pages take from the job (PCL 5 TRM, "Page Control")."""

    def __init__(self, draft: Draft, options: AnalysisOptions) -> None:
        self.draft = draft
        self.layout = TextLayout()
        self.is_marked = False  # a reset or a change of paper brings the page out
        self.look: Look | None = Look.WHITE  # the most striking mark; None: some marks could not be told
        self.is_mono = False  # ESC &b1M: this page prints in grey
        self.custom_decipoints = [0.0, 0.0]  # width and length for the custom size, ESC &f#I, &f#J
        self._looks_for_color = options.color and not draft.monochrome
        self._asks = options.color
        self._default_sides = draft.sides
        self._default_copies = draft.page_copies
        self._begins_sheet = False
        self._is_alone = False  # the page under way shares its sheet with no other
        self._sheets = Sheets(draft)
        self.reset()

    def reset(self) -> None:
        """The settings of the device, or of the PJL around the job."""
        self.media: str | None = None
        self.size_mm: tuple[float, float] | None = None
        self._is_custom = False
        self.is_landscape = self.draft.landscape
        self.sides = self._default_sides
        self.copies = self._default_copies
        self.layout = TextLayout()
        self._set_format()

    @property
    def is_over(self) -> bool:
        """No further page may be added."""
        return self._sheets.is_over

    @property
    def has_come_out(self) -> bool:
        """A page came out, and nothing is on the next one yet."""
        return self._sheets.has_pages and not self.is_marked

    @property
    def wants_rows(self) -> bool:
        """Whether raster data that cannot be coloured still have to be looked at: nothing visible is known yet."""
        return self._asks and self.look is Look.WHITE

    @property
    def wants_color(self) -> bool:
        """Whether raster data that can be coloured have to be looked at."""
        return self._looks_for_color and self.look is not Look.COLOR and not self.is_mono

    def mark(self, look: Look | None) -> None:
        """Something is put on the page. None: it could be anything."""
        self.is_marked = True
        self.look = most_striking(self.look, look)

    def turn(self, orientation: int) -> None:
        """ESC &l#O; the orientation that is in force already changes nothing."""
        is_landscape = orientation in (1, 3)
        if is_landscape != self.is_landscape and 0 <= orientation <= 3:
            self.force_out()
            self.is_landscape = is_landscape
            self._set_format()

    def set_media(self, media: str | None, size_mm: tuple[float, float] | None = None) -> None:
        self.force_out()
        self.media, self.size_mm, self._is_custom = media, size_mm, False
        self._set_format()

    @property
    def is_custom(self) -> bool:
        return self._is_custom

    def set_custom(self) -> None:
        """The custom size: nothing is known of it where the job gives no measures."""
        width, length = (min(max(0.0, each), 1e6) / _DECIPOINTS_PER_MM for each in self.custom_decipoints)
        self.set_media(None, (width, length) if width and length else None)
        self._is_custom = True

    def set_sides(self, value: int) -> None:
        self.force_out()
        sides = _SIDES.get(value, self.sides)
        if sides is not self.sides:
            self.begin_sheet()
        self.sides = sides

    def set_copies(self, value: int) -> None:
        self.copies = max(1, value)

    def paper_mm(self) -> tuple[float, float] | None:
        """The page as it is seen."""
        size_mm = self.size_mm or (size_of_media(self.media) if self.media else None)
        if size_mm and self.is_landscape:
            return size_mm[1], size_mm[0]
        return size_mm

    def _set_format(self) -> None:
        size_mm = self.paper_mm()
        if size_mm is None and self.draft.media and (default_mm := size_of_media(self.draft.media)):
            size_mm = default_mm[::-1] if self.is_landscape else default_mm
        self.layout.set_paper(size_mm or ((279.4, 215.9) if self.is_landscape else None))

    def begin_sheet(self) -> None:
        """What follows begins on a new sheet (a reset, a front side that is asked for)."""
        self._begins_sheet = True

    def choose_side(self, side: int) -> None:
        """ESC &a#G: 0 the next side, 1 a front, 2 a back."""
        self.force_out()
        if side == 1:
            self.begin_sheet()
        elif side == 2 and not self._sheets.next_is_back:
            self._is_alone = True  # nothing is printed on the front of its sheet

    def force_out(self) -> None:
        """What a reset or a change of paper does: only a page with something on it comes out."""
        if self.is_marked:
            self.eject()

    def flow_over(self) -> None:
        """Text leaves the page at its foot."""
        if self.media is None and self.size_mm is None and self.draft.media is None:
            self.draft.weaken(PagesBasis.ESTIMATED)  # how many lines a page holds depends on the device's paper
        self.eject()

    def eject(self) -> None:
        """The page comes out, whether something stands on it or not."""
        look = Look.GRAY if self.is_mono and self.look is not Look.WHITE else self.look
        page = FinishedPage(self._seen_mm(), self.media, look, self.copies, self.sides, self._is_alone)
        self._sheets.put(page, begins_sheet=self._begins_sheet)
        self._begins_sheet = self._is_alone = False
        self.is_marked, self.look = False, Look.WHITE
        self.layout.home()

    def _seen_mm(self) -> tuple[float, float] | None:
        """The page's size; that of the device's paper only where it is turned."""
        size_mm = self.paper_mm()
        if size_mm is None and self.is_landscape and (default_mm := size_of_media(self.draft.media or "")):
            return default_mm[::-1]
        return size_mm

    def flush(self) -> None:
        """Hand on the page that waits to learn what follows it."""
        self._sheets.flush()
