"""The graphics state (PostScript Language Reference, section 4.2), as far as it decides what is marked.

Paths hold their points in device space. A clip is the box around the clipping path: what is painted outside of it is
certainly not marked, what is painted within it is taken for marked.
"""

from __future__ import annotations

from platen.documents.facts import Sides
from platen.documents.matrices import EVERYWHERE, IDENTITY, Box, Matrix, intersected, is_empty
from platen.documents.postscript.colors import GRAY, Space
from platen.documents.postscript.objects import Dictionary, PostScriptError, Value
from platen.documents.postscript.page import GREY

RESOLUTION_DPI = 600.0
SCALE = RESOLUTION_DPI / 72
# Paper that no program asks for, between A4 and Letter and further from both than programs take for the same: one that
# asks for a size only where the device has another one (as ps2write's do) asks for it here, whichever it wants.
DEFAULT_SIZE_PT = (604.0, 817.0)
WIDEST_PT, TALLEST_PT = 612.0, 842.0  # of the papers that devices take where a program names none

MOVE, LINE, CURVE, CLOSE = range(4)
Segment = tuple[float, ...]  # one of the four, and one or three points

_PATH_MAX = 500_000  # segments


class Device:
    """The page device: what `setpagedevice` and its forebears set. It is replaced, not changed."""

    __slots__ = ("entries", "is_null", "shown", "size_is_set")

    def __init__(self, entries: dict[str, Value], *, size_is_set: bool = False, is_null: bool = False) -> None:
        self.entries = entries
        self.size_is_set = size_is_set
        self.is_null = is_null
        self.shown = 0  # pages since it became the current one (section 6.2.6)

    @property
    def size_pt(self) -> tuple[float, float]:
        width, height = self.entries["PageSize"].values()[:2]
        return float(width), float(height)

    @property
    def sides(self) -> Sides | None:
        duplex = self.entries.get("Duplex")
        if type(duplex) is not bool:
            return None
        if not duplex:
            return Sides.ONE_SIDED
        return Sides.TWO_SIDED_SHORT_EDGE if self.entries.get("Tumble") is True else Sides.TWO_SIDED_LONG_EDGE

    @property
    def box(self) -> Box:
        width, height = self.size_pt
        if not self.size_is_set:
            width, height = max(width, WIDEST_PT), max(height, TALLEST_PT)
        return (0.0, 0.0, width * SCALE, height * SCALE)

    @property
    def matrix(self) -> Matrix:
        return (SCALE, 0.0, 0.0, SCALE, 0.0, 0.0)


class GraphicsState:
    """One graphics state. `gsave` copies it; values are replaced, but for the path, which is copied with it."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.font: Dictionary | None = None
        self.font_matrix: Matrix = IDENTITY
        self.flat = 1.0
        self.stroke_adjust = False
        self.parameters: dict[str, Value] = {}  # transfer functions, halftones, overprint and the like
        self.measuring = False  # within a cached glyph or a pattern: marks are looked at, not put on the page
        self.reset()

    def reset(self) -> None:
        """What `initgraphics` does."""
        device = self.device
        self.ctm: Matrix = device.matrix
        self.clip: Box = EVERYWHERE if device.is_null else device.box
        self.path: list[Segment] = []
        self.point: tuple[float, float] | None = None
        self.begun: tuple[float, float] = (0.0, 0.0)  # where the subpath starts
        self.line_width = 1.0
        self.line_cap = 0
        self.line_join = 0
        self.miter_limit = 10.0
        self.dash: tuple[list[float], float] = ([], 0.0)
        self.space: Space = GRAY
        self.color: tuple[Value, ...] = (0.0,)
        self.ink = GREY
        self.pattern: Dictionary | None = None

    def copy(self) -> GraphicsState:
        other = object.__new__(GraphicsState)
        other.__dict__ = self.__dict__.copy()
        other.path = self.path.copy()
        return other

    # The path.

    def current_point(self) -> tuple[float, float]:
        """In device space. Raises: PostScriptError."""
        if self.point is None:
            raise PostScriptError("nocurrentpoint")
        return self.point

    def move_to(self, x: float, y: float) -> None:
        path = self.path
        if path and path[-1][0] == MOVE:
            path[-1] = (MOVE, x, y)
        else:
            self._room()
            path.append((MOVE, x, y))
        self.point = self.begun = (x, y)

    def line_to(self, x: float, y: float) -> None:
        if self.point is None:
            raise PostScriptError("nocurrentpoint")
        path = self.path
        if not path or path[-1][0] == CLOSE:
            path.append((MOVE, *self.point))
        path.append((LINE, x, y))
        self.point = (x, y)
        if len(path) > _PATH_MAX:
            self._room()

    def curve_to(self, points: tuple[float, float, float, float, float, float]) -> None:
        if self.point is None:
            raise PostScriptError("nocurrentpoint")
        path = self.path
        if not path or path[-1][0] == CLOSE:
            path.append((MOVE, *self.point))
        path.append((CURVE, *points))
        self.point = points[4:]
        self._room()

    def close(self) -> None:
        if self.path and self.path[-1][0] != CLOSE:
            self.path.append((CLOSE,))
            self.point = self.begun

    def new_path(self) -> None:
        self.path = []
        self.point = None

    def _room(self) -> None:
        if len(self.path) > _PATH_MAX:
            raise PostScriptError("limitcheck")

    def path_box(self) -> Box | None:
        """The box around all points of the path; None where it has none."""
        path = self.path
        if not path:
            return None
        if path[-1][0] == MOVE and len(path) > 1:
            path = path[:-1]  # a lone moveto at the end counts for nothing
        xs = [value for segment in path for value in segment[1::2]]
        ys = [value for segment in path for value in segment[2::2]]
        return min(xs), min(ys), max(xs), max(ys)

    def shows(self, box: Box) -> bool:
        """Whether something painted within the box can fall on the page."""
        return not self.device.is_null and not is_empty(intersected(box, self.clip))
