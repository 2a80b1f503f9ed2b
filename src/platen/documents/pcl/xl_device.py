"""A device that prints PCL XL: its pages, what it paints on them, the streams that it keeps."""

from __future__ import annotations

import functools

from platen.documents.draft import Draft
from platen.documents.facts import Sides
from platen.documents.limits import AnalysisOptions
from platen.documents.media import MM_PER_INCH, media_for_word, size_of_media
from platen.documents.pcl.device import PclDevice
from platen.documents.pcl.palette import Look, most_striking
from platen.documents.pcl.paper import XL_MEDIA
from platen.documents.pcl.pcl5 import run_snippet
from platen.documents.pcl.sheets import FinishedPage, Sheets
from platen.documents.pcl.xl_graphics import Graphics
from platen.documents.pcl.xl_passing import Passing, passing
from platen.documents.pcl.xl_tokens import Value
from platen.documents.source import Data

_BEGIN_SESSION, _END_SESSION, _BEGIN_PAGE, _END_PAGE = range(0x41, 0x45)
VENDOR_UNIQUE = 0x46
_BEGIN_STREAM, _READ_STREAM, _END_STREAM, _EXEC_STREAM, _REMOVE_STREAM = range(0x5B, 0x60)
_POP_GS, _PUSH_GS, _SET_BRUSH, _SET_COLOR_SPACE, _SET_PEN = 0x60, 0x61, 0x63, 0x6A, 0x79
_BEGIN_IMAGE, _READ_IMAGE, _END_IMAGE = 0xB0, 0xB1, 0xB2
_BEGIN_PATTERN, _READ_PATTERN, _END_PATTERN = 0xB3, 0xB4, 0xB5
_PASS_THROUGH = 0xBF
# PaintPath, Chord, Ellipse, Pie, Rectangle, RoundRectangle; Text and ScanLineRel paint with the brush alone.
_SHAPES = bytes((0x86, 0x96, 0x98, 0x9E, 0xA0, 0xA2))
_BRUSHED = bytes((0xA8, 0xB9))
_NEW_PATH, _PAINT_PATH = 0x85, 0x86
# ArcPath, BezierPath, BezierRelPath, ChordPath, EllipsePath, LinePath, LineRelPath, PiePath, RectanglePath,
# RoundRectanglePath, TextPath.
_PATH_BUILDING = bytes((0x91, 0x93, 0x95, 0x97, 0x99, 0x9B, 0x9D, 0x9F, 0xA1, 0xA3, 0xA9))
_PATHS = bytes((_NEW_PATH, _PAINT_PATH)) + _PATH_BUILDING
_STRUCTURE = bytes((0x41, 0x42, 0x43, 0x44, 0x46, 0x5B, 0x5C, 0x5D, 0x5E, 0x5F, 0xBF))
_COLORING = bytes((_POP_GS, _PUSH_GS, _SET_BRUSH, _SET_COLOR_SPACE, _SET_PEN, *range(_BEGIN_IMAGE, _END_PATTERN + 1)))
_FOR_LATER_PAGES = bytes((_SET_COLOR_SPACE, *range(_BEGIN_PATTERN, _END_PATTERN + 1)))
_BLACK_IMAGES = bytes((_BEGIN_IMAGE,))
_IMAGES = bytes((_SET_COLOR_SPACE, _BEGIN_IMAGE))
_ALL = bytes(range(0x41, 0xC0))
_WHATEVER_THE_PATH = frozenset((_END_PAGE, *_BRUSHED))

_MEDIA_SIZE, _ORIENTATION, _CUSTOM_SIZE, _CUSTOM_UNITS, _PAGE_COPIES = 37, 40, 47, 48, 49
_SIMPLEX_MODE, _DUPLEX_MODE, _DUPLEX_SIDE = 52, 53, 54
_MEASURE, _UNITS_PER_MEASURE, _STREAM_NAME, _PATTERN_DEFINE_ID = 134, 137, 139, 105
_VENDOR_EXTENSION, _VENDOR_DATA_LENGTH = 145, 146
_FAST_RASTER = 0x68702006  # HP's, of one bit a pixel
_UNITS_MM = {0: MM_PER_INCH, 1: 1.0, 2: 0.1}
_STREAMS_BYTES_MAX = 16 * 1024 * 1024
_RUN_BYTES_MAX = 1 << 28
_SNIPPET_BYTES_MAX = 1 << 20
_DATA_LOOKED_AT_BYTES_MAX = 1 << 26


@functools.cache
def _passing(order: str, looks: bool, asks: bool, is_painted: bool, news: bytes) -> Passing:
    """What may be passed over, because it would change nothing that is known of the page.

    looks: the colour of what is painted is of interest; asks: it is, or may become so on a later page;
    is_painted: something is painted, or paths are not minded; news: operators that would say something new.
    """
    stopping = _STRUCTURE + (_COLORING if looks else _FOR_LATER_PAGES if asks else b"")
    stopping += b"" if is_painted else _PATHS  # a path without a part would be no mark
    return passing(order, _ALL.translate(None, stopping + news))


class XlDevice:
    """Takes operators with their attributes."""

    def __init__(self, draft: Draft, options: AnalysisOptions, order: str) -> None:
        self.draft = draft
        self.order = order
        self._options = options
        self._sheets = Sheets(draft)
        self._graphics = Graphics(bytes_left=options.limits.raster_color_bytes_max)
        self.tokens_left = options.limits.pcl_commands_max
        self._asks = options.color and not draft.monochrome
        self._unseen: Look | None = Look.GRAY if draft.monochrome else None  # of marks that are not looked at
        self._default_copies = draft.page_copies
        self._in_session = self._in_page = False
        self._look: Look | None = Look.WHITE
        self._is_painted = False
        self._path_is_empty = False  # known to be so
        self._minds_paths = False  # on a page without a mark so far; most get text first
        # All stay in force for pages that do not say.
        self._media: str | None = None
        self._size_mm: tuple[float, float] | None = None
        self._is_landscape = draft.landscape
        self._sides = draft.sides
        self._begins_sheet = False
        self._names_backs = False
        self._is_alone = False
        self._reading: tuple[int, dict[int, Value]] | None = None  # what the data that follow belong to
        self._stream: str | None = None
        self._streams: dict[str, bytearray] = {}
        self._streams_bytes, self._run_bytes_left = 0, _RUN_BYTES_MAX
        self._choose_pattern()

    # ---- what is asked of the walk

    @property
    def awaits_data(self) -> bool:
        """The last operator is followed by data of its own."""
        return self._reading is not None

    def regrets(self, tag: int) -> bool:
        """What was passed over last is to be passed over again with care, as it may have begun a path that counts now.

        On a page whose colour is not looked at, paths are passed over until something else than text is met.
        """
        if not self._is_hasty or tag in _WHATEVER_THE_PATH:
            return False
        self._minds_paths = True
        self._choose_pattern()
        return True

    def may_go_on(self, tokens: int) -> bool:
        """So many steps of work and one more. False: there were too many, or enough pages."""
        self.tokens_left -= tokens + 1
        if self.tokens_left < 0:
            self.draft.problem("The PCL XL stream is too long; only its beginning was counted.")
        return self.tokens_left >= 0 and not self._sheets.is_over

    def _choose_pattern(self) -> None:
        """Take what may be passed over as the page stands."""
        news = b"" if self._is_no_news(self._shape) else _SHAPES
        news += b"" if self._is_no_news(self._brush) else _BRUSHED
        if not self._asks and not self._is_no_news(self._unseen):
            news += _IMAGES if self._unseen is None else _BLACK_IMAGES
        looks = self._asks and self._look is not Look.COLOR
        self._is_hasty = not (looks or self._is_painted or self._minds_paths)
        self.passing = _passing(self.order, looks, self._asks, self._is_painted or self._is_hasty, news)

    @property
    def _shape(self) -> Look | None:
        """What an area with its outline is."""
        return self._graphics.shape if self._asks else self._unseen

    @property
    def _brush(self) -> Look | None:
        """What text is, and an area without an outline."""
        return self._graphics.brush if self._asks else self._unseen

    def _is_no_news(self, look: Look | None) -> bool:
        """Such a mark is nothing new on the page."""
        return self._is_painted and most_striking(self._look, look) is self._look

    def _paint(self, look: Look | None) -> None:
        # Below a mark that is not seen, a path without a part would still be none.
        self._is_painted = self._is_painted or look is not Look.WHITE
        self._path_is_empty = False
        self._look = most_striking(self._look, look)
        self._choose_pattern()

    # ---- operators

    def operate(self, operator: int, attributes: dict[int, Value]) -> bytes | None:
        """Obey an operator. Returns: a stream that is to be run now."""
        self._reading = None
        if operator == _BEGIN_PAGE:
            self._begin_page(attributes)
        elif operator == _END_PAGE:
            self._end_page(attributes.get(_PAGE_COPIES))
        elif operator in (_BEGIN_SESSION, _END_SESSION):
            self._in_session = operator == _BEGIN_SESSION
            if self._in_session:
                self._begin_session(attributes)
        elif operator == _NEW_PATH or operator in _PATH_BUILDING:
            # Once something is painted, what builds paths is passed over, and no path is known to be empty.
            self._path_is_empty = operator == _NEW_PATH and not self._is_painted
        elif operator == _PAINT_PATH and self._path_is_empty:
            pass
        elif operator in _SHAPES:
            self._paint(self._shape)
        elif operator in _BRUSHED:
            self._paint(self._brush)
        elif operator in (_READ_IMAGE, _READ_PATTERN, _READ_STREAM, _PASS_THROUGH):
            self._reading = (operator, dict(attributes))
        elif _BEGIN_STREAM <= operator <= _REMOVE_STREAM:
            return self._use_stream(operator, attributes.get(_STREAM_NAME))
        else:
            self._set_graphics(operator, attributes)
        return None

    def _set_graphics(self, operator: int, attributes: dict[int, Value]) -> None:
        graphics = self._graphics
        if operator == _SET_COLOR_SPACE:
            graphics.set_space(attributes)
        elif operator in (_SET_BRUSH, _SET_PEN):
            graphics.set_source(attributes, is_pen=operator == _SET_PEN)
        elif operator == _PUSH_GS:
            graphics.push()
        elif operator == _POP_GS:
            graphics.pop()
        elif operator == _BEGIN_IMAGE:
            image = graphics.begin_image(attributes)
            if not self._asks:
                self._paint(self._unseen if image.can_color else Look.GRAY)
        elif operator == _BEGIN_PATTERN:
            number = attributes.get(_PATTERN_DEFINE_ID)
            graphics.begin_image(attributes, pattern_id=number if isinstance(number, int) else 0)
        elif operator in (_END_IMAGE, _END_PATTERN):
            graphics.image = None
        if operator in (_SET_BRUSH, _SET_PEN, _POP_GS):
            self._choose_pattern()

    def _begin_session(self, attributes: dict[int, Value]) -> None:
        units, measure = attributes.get(_UNITS_PER_MEASURE), attributes.get(_MEASURE, 0)
        if not (isinstance(units, tuple) and len(units) == 2) or self.draft.resolution_dpi is not None:
            return
        per_inch = {1: MM_PER_INCH, 2: MM_PER_INCH * 10}.get(measure, 1.0) if isinstance(measure, int) else 1.0
        across, along = (round(each * per_inch) if 0 < each * per_inch <= 100_000 else 0 for each in units)
        if across and along:
            self.draft.resolution_dpi = (across, along)

    # ---- pages

    def _begin_page(self, attributes: dict[int, Value]) -> None:
        if self._in_page:
            self._end_page(None)
        self._in_page, self._is_painted, self._look = True, False, Look.WHITE
        self._path_is_empty = self._minds_paths = False
        self._graphics.begin_page()
        orientation = attributes.get(_ORIENTATION)
        if isinstance(orientation, int):
            self._is_landscape = orientation in (1, 3)
        self._set_media(attributes.get(_MEDIA_SIZE), attributes.get(_CUSTOM_SIZE), attributes.get(_CUSTOM_UNITS, 0))
        if _DUPLEX_MODE in attributes:
            is_vertical = attributes[_DUPLEX_MODE] == 1
            # The binding edge is named for the page as it is read: a landscape page bound at its left is short edge.
            is_long_edge = is_vertical != self._is_landscape
            self._sides = Sides.TWO_SIDED_LONG_EDGE if is_long_edge else Sides.TWO_SIDED_SHORT_EDGE
        elif _SIMPLEX_MODE in attributes:
            self._sides = Sides.ONE_SIDED
        side = attributes.get(_DUPLEX_SIDE)
        self._names_backs = self._names_backs or side == 1
        # Some drivers name the front for every page and mean nothing by it.
        self._begins_sheet = side == 0 and self._names_backs
        self._is_alone = side == 1 and _DUPLEX_MODE in attributes and not self._sheets.next_is_back
        self._choose_pattern()

    def _set_media(self, media: Value | None, custom: Value | None, units: Value) -> None:
        if isinstance(media, bytes):
            self._media = media_for_word(media.decode("ascii", "replace").strip("\0 "))
            self._size_mm = size_of_media(self._media) if self._media else None
        elif isinstance(media, int):
            self._media = XL_MEDIA.get(media)
            self._size_mm = size_of_media(self._media) if self._media else None
        elif isinstance(custom, tuple) and len(custom) == 2 and all(0 < each < 1e5 for each in custom):
            scale = _UNITS_MM.get(units, MM_PER_INCH) if isinstance(units, int) else MM_PER_INCH
            self._media, self._size_mm = None, (custom[0] * scale, custom[1] * scale)

    def _end_page(self, copies: Value | None) -> None:
        if not self._in_page:
            return
        self._in_page = False
        size_mm = self._size_mm
        if size_mm is None and self._is_landscape:
            size_mm = size_of_media(self.draft.media or "")
        if size_mm and self._is_landscape:
            size_mm = size_mm[1], size_mm[0]
        count = max(0, copies) if isinstance(copies, int) else self._default_copies
        page = FinishedPage(size_mm, self._media, self._look, count, self._sides, self._is_alone)
        self._sheets.put(page, begins_sheet=self._begins_sheet)
        self._begins_sheet = False

    def finish(self) -> None:
        """The stream is over; a page that was begun comes out."""
        if self._in_page:
            self.draft.problem("The PCL XL stream ends in the middle of a page.")
        elif self._in_session and not self._sheets.is_over:
            self.draft.problem("The PCL XL stream ends without an end of its session; it may be cut off.")
        self._end_page(None)
        self._sheets.flush()

    # ---- data behind an operator

    def take_data(self, data: Data, start: int, stop: int) -> None:
        """Embedded data from `start` to `stop`."""
        reading = self._reading
        if reading is None:
            return
        self._reading = None
        operator, attributes = reading
        if operator == _READ_STREAM:
            self._keep_stream(data, start, stop)
        elif operator == _PASS_THROUGH:
            self._paint(self._look_of_snippet(bytes(data[start : min(stop, start + _SNIPPET_BYTES_MAX)])))
        elif (image := self._graphics.image) is not None:
            look: Look | None = None
            if not self._asks:
                look = self._unseen if image.can_color else Look.GRAY
            elif not image.can_color and self._look is Look.GRAY and image.pattern_id is None:
                look = Look.GRAY
            elif stop - start <= _DATA_LOOKED_AT_BYTES_MAX:
                look = self._graphics.look_at(bytes(data[start:stop]), attributes)
                look = Look.GRAY if look is None and not image.can_color else look
            if image.pattern_id is not None:
                self._graphics.define_pattern(image.pattern_id, look)
            else:
                self._paint(look)

    def take_vendor_data(self, attributes: dict[int, Value], rest_bytes: int) -> int:
        """Data of a maker's own coding, which follow their operator without a tag. Returns: how many octets they are.

        HP's host-based devices take their pages so (JetReady, FastRaster).
        """
        length = attributes.get(_VENDOR_DATA_LENGTH, 0)
        size_bytes = max(0, length) if isinstance(length, int) else 0
        if size_bytes > rest_bytes:
            self.draft.problem("The PCL XL stream ends in the middle of a value.")
        if size_bytes and self._in_page:
            is_black = attributes.get(_VENDOR_EXTENSION) == _FAST_RASTER
            self._paint(Look.GRAY if is_black else self._unseen)
        return min(size_bytes, rest_bytes)

    def _look_of_snippet(self, snippet: bytes) -> Look | None:
        """PCL 5 within a page. Its commands of the job have no effect there."""
        if not self._asks:
            return self._unseen
        scratch = Draft(self.draft.limits)
        device = PclDevice(scratch, self._options)
        run_snippet(device, snippet)
        device.page.flush()
        self.tokens_left -= len(snippet) // 8
        # A form feed ends no page here; what stands before it is on the page as well.
        colors = {run.color for run in scratch.finish().page_runs}
        if True in colors or device.page.look is Look.COLOR:
            return Look.COLOR
        return None if None in colors else Look.GRAY if colors else device.page.look

    # ---- streams

    def _use_stream(self, operator: int, name: Value | None) -> bytes | None:
        key = name.decode("latin-1") if isinstance(name, bytes) else ""
        if operator == _BEGIN_STREAM:
            self._stream = key
            self._streams[key] = bytearray()
        elif operator == _END_STREAM:
            self._stream = None
        elif operator == _REMOVE_STREAM:
            self._streams.pop(key, None)
        elif operator == _EXEC_STREAM and (stream := self._streams.get(key)):
            self._run_bytes_left -= len(stream)
            if self._run_bytes_left >= 0:
                return bytes(stream)
            self.draft.problem(
                "The streams of the PCL XL file are run too often; what they hold was not all looked at."
            )
        return None

    def _keep_stream(self, data: Data, start: int, stop: int) -> None:
        self._streams_bytes += stop - start
        if self._stream is None or self._streams_bytes > _STREAMS_BYTES_MAX:
            self.draft.problem("A stream that the PCL XL file defines is too large to be looked at.")
            return
        self._streams[self._stream] += data[start:stop]
