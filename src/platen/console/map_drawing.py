"""Drawing a map of sites without anybody's data: a net of degrees, a scale in kilometres, marks, and names that do not
cover each other. Pure: degrees in, units of a drawing out.

The projection is the plate carrée, true to length at the middle latitude: right enough over the land of one
organisation, and straight lines for both kinds of degrees. Where sites lie on both sides of the 180th meridian, the map
is cut where most is empty instead.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

KM_PER_DEGREE = 111.2  # of latitude, on a sphere of the earth's mean radius
_STEPS = (30.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001)
_MERIDIANS_APART, _PARALLELS_APART = 80.0, 60.0
_SPAN_MIN, _COSINE_MIN = 0.002, 0.1
_LEFT, _BOTTOM, _EDGE = 58.0, 24.0, 34.0
_LETTER, _LINE, _GAP = 7.2, 16.0, 5.0  # of a name: width of a letter, height of the line, distance to its mark
_NAME_MAX, _NAMED_MAX = 26, 60
_TOGETHER = 16.0  # marks that are nearer to each other become one


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is drawn. badness: the larger, the worse; the worst of several in one mark shows."""

    key: int
    name: str
    latitude: float
    longitude: float
    devices: int = 0
    badness: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, right, bottom."""

    x0: float
    y0: float
    x1: float
    y1: float

    def meets(self, other: Box) -> bool:
        """Whether they share a point."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def holds(self, other: Box) -> bool:
        """Whether all of the other lies inside."""
        return self.x0 <= other.x0 and self.y0 <= other.y0 and other.x1 <= self.x1 and other.y1 <= self.y1


@dataclass(frozen=True, slots=True)
class Line:
    """A parallel or a meridian: where it is drawn, and its degrees, east and north positive, in as many decimals."""

    at: float
    degrees: float
    decimals: int


@dataclass(frozen=True, slots=True)
class Label:
    """A name: where its line of text begins or ends, and where the line to it ends if it stands away from its mark."""

    x: float
    y: float
    anchor: str  # as SVG's text-anchor
    text: str
    leader: tuple[float, float] | None = None


@dataclass(slots=True)
class Mark:
    """One site, or several that are too near to each other to be told apart; the one with the most devices first."""

    x: float
    y: float
    sites: list[Site]
    label: Label | None = None

    @property
    def devices(self) -> int:
        """Of all its sites."""
        return sum(site.devices for site in self.sites)

    @property
    def badness(self) -> int:
        """Of the worst of its sites."""
        return max(site.badness for site in self.sites)

    @property
    def radius(self) -> float:
        """The more devices, the larger."""
        return round(6 + min(7.0, math.sqrt(self.devices) / 3), 1)

    @property
    def box(self) -> Box:
        """What it covers."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)

    @property
    def text(self) -> str:
        """Its name, cut where it is long, and how many others are in it."""
        name = self.sites[0].name
        short = name if len(name) <= _NAME_MAX else f"{name[: _NAME_MAX - 1].rstrip()}…"
        return short if len(self.sites) == 1 else f"{short} +{len(self.sites) - 1}"


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """How long so many kilometres are, at the latitude at which that is true from west to east."""

    length: float
    km: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything to be drawn, in units from the left and from the top."""

    width: float
    height: float
    frame: Box
    parallels: tuple[Line, ...] = ()
    meridians: tuple[Line, ...] = ()
    marks: list[Mark] = field(default_factory=list)
    scale: ScaleBar | None = None

    @property
    def across(self) -> float:
        """Of the frame, from left to right."""
        return self.frame.x1 - self.frame.x0

    @property
    def down(self) -> float:
        """Of the frame, from top to bottom."""
        return self.frame.y1 - self.frame.y0

    @property
    def unnamed(self) -> int:
        """How many marks have no room for a name."""
        return sum(mark.label is None for mark in self.marks)


def draw_map(sites: Sequence[Site], width: float, height: float) -> Drawing:
    """A drawing of so many units; without sites an empty one."""
    frame = Box(_LEFT, 6.0, width - 6.0, height - _BOTTOM)
    if not sites:
        return Drawing(width, height, frame)
    view = _View(sites, frame)
    marks = _marks(sites, view)
    scale = _scale_bar(view)
    taken = Box(frame.x1 - scale.length - 24, frame.y1 - 30, frame.x1, frame.y1)
    _name(marks, frame, taken)
    parallels = _lines(max(view.south, -90), min(view.north, 90), view.scale, _PARALLELS_APART, view.y)
    meridians = _lines(view.west, view.east, view.scale * view.cosine, _MERIDIANS_APART, view.x)
    return Drawing(width, height, frame, parallels, meridians, marks, scale)


class _View:
    """Which degrees the frame shows, and where each lies in it."""

    def __init__(self, sites: Sequence[Site], frame: Box) -> None:
        north, south = max(site.latitude for site in sites), min(site.latitude for site in sites)
        self._cut = _emptiest_meridian(sorted(site.longitude % 360 for site in sites))
        turned = [self._turned(site.longitude) for site in sites]
        self.latitude = (north + south) / 2
        self._longitude = (max(turned) + min(turned)) / 2
        self.cosine = max(math.cos(math.radians(self.latitude)), _COSINE_MIN)
        self._x, self._y = (frame.x0 + frame.x1) / 2, (frame.y0 + frame.y1) / 2
        across, down = frame.x1 - frame.x0, frame.y1 - frame.y0
        tall, wide = max(north - south, _SPAN_MIN), max((max(turned) - min(turned)) * self.cosine, _SPAN_MIN)
        self.scale = min((across - 2 * _EDGE) / wide, (down - 2 * _EDGE) / tall)
        """Units for each degree of latitude."""
        self.north, self.south = self.latitude + down / 2 / self.scale, self.latitude - down / 2 / self.scale
        half = across / 2 / self.scale / self.cosine
        self.east, self.west = self._longitude + half, self._longitude - half

    def x(self, longitude: float) -> float:
        """Of a longitude between west and east."""
        return self._x + (longitude - self._longitude) * self.cosine * self.scale

    def y(self, latitude: float) -> float:
        """Of a latitude."""
        return self._y - (latitude - self.latitude) * self.scale

    def of(self, site: Site) -> tuple[float, float]:
        """Where a site lies."""
        return round(self.x(self._turned(site.longitude)), 1), round(self.y(site.latitude), 1)

    def _turned(self, longitude: float) -> float:
        """East of where the map is cut; about Greenwich as usual, wherever nothing else is needed."""
        beyond = self._cut + (longitude - self._cut) % 360
        return beyond - 360 if self._cut >= 180 else beyond


def _emptiest_meridian(longitudes: Sequence[float]) -> float:
    """The middle of the widest gap between longitudes from 0 to 360 in rising order."""
    following = [*longitudes[1:], longitudes[0] + 360]
    gap, start = max((after - before, before) for before, after in zip(longitudes, following, strict=True))
    return (start + gap / 2) % 360


def _lines(start: float, end: float, scale: float, apart: float, place: Callable[[float], float]) -> tuple[Line, ...]:
    """The lines at round degrees between two, no nearer to each other than `apart`. scale: units for each degree."""
    step = next((each for each in reversed(_STEPS) if each * scale >= apart), _STEPS[0])
    decimals = max(0, -math.floor(math.log10(step)))
    numbers = range(math.ceil(start / step), math.floor(end / step) + 1)
    return tuple(Line(round(place(n * step), 1), _usual(n * step), decimals) for n in numbers)


def _usual(degrees: float) -> float:
    """From -180 to 180, without what binary fractions leave over."""
    return round((degrees + 180) % 360 - 180, 6)


def _scale_bar(view: _View) -> ScaleBar:
    """About a fifth of the frame: 1, 2 or 5 times a power of ten."""
    km_per_unit = KM_PER_DEGREE / view.scale
    most = 130 * km_per_unit
    power = 10.0 ** math.floor(math.log10(most))
    km = max(each * power for each in (1, 2, 5) if each * power <= most)
    return ScaleBar(round(km / km_per_unit, 1), km, view.latitude)


def _marks(sites: Sequence[Site], view: _View) -> list[Mark]:
    """A mark for each site; sites that lie nearer to each other than marks are wide share one."""
    marks: list[Mark] = []
    for site in sorted(sites, key=lambda each: (-each.devices, each.name)):
        x, y = view.of(site)
        near = next((mark for mark in marks if math.hypot(mark.x - x, mark.y - y) < _TOGETHER), None)
        if near is None:
            marks.append(Mark(x, y, [site]))
        else:
            near.sites.append(site)
    return marks


def _name(marks: Sequence[Mark], frame: Box, taken: Box) -> None:
    """Put names beside marks, the worst and largest first; without room there, further away with a line to them."""
    covered = [taken, *(mark.box for mark in marks)]
    leaders: list[Iterable[Box]] = []
    for mark in sorted(marks, key=lambda each: (-each.badness, -each.devices, each.text))[:_NAMED_MAX]:
        for label, box, steps in _places(mark):
            if not frame.holds(box) or any(box.meets(other) for other in covered):
                continue
            if any(step.meets(other) for step in steps for other in covered if other != mark.box):
                continue
            if any(box.meets(step) for each in leaders for step in each):
                continue
            mark.label = label
            covered.append(box)
            leaders.append(steps)
            break


def _places(mark: Mark) -> Iterator[tuple[Label, Box, tuple[Box, ...]]]:
    """Where a mark's name may stand, the best first, what it covers there, and what the line to it does."""
    text, length = mark.text, len(mark.text) * _LETTER
    reach = mark.radius + _GAP
    near = (
        *((reach, 0.0, "start"), (-reach, 0.0, "end"), (0.0, -reach - 6, "middle"), (0.0, reach + 6, "middle")),
        *((reach - 3, -reach + 1, "start"), (reach - 3, reach - 1, "start")),
        *((3 - reach, -reach + 1, "end"), (3 - reach, reach - 1, "end")),
    )
    for right, down, anchor in near:
        label = Label(round(mark.x + right, 1), round(mark.y + down + 4, 1), anchor, text)
        yield label, _box(label, length), ()
    for away, angle in itertools.product((30.0, 48.0, 70.0), (-30, 30, 150, 210, -60, 60, 120, 240)):
        turn = math.radians(angle)
        x, y = mark.x + away * math.cos(turn), mark.y + away * math.sin(turn)
        anchor = "start" if math.cos(turn) > 0 else "end"
        label = Label(
            round(x + (3 if anchor == "start" else -3), 1), round(y + 4, 1), anchor, text, (round(x, 1), round(y, 1))
        )
        yield label, _box(label, length), _along(mark, x, y)


def _box(label: Label, length: float) -> Box:
    left = {"start": 0.0, "middle": length / 2, "end": length}[label.anchor]
    return Box(label.x - left, label.y - _LINE + 4, label.x - left + length, label.y + 4)


def _along(mark: Mark, x: float, y: float) -> tuple[Box, ...]:
    """Small boxes along the line from a mark to a point."""
    count = max(2, int(math.hypot(x - mark.x, y - mark.y) / 6))
    at = ((mark.x + (x - mark.x) * n / count, mark.y + (y - mark.y) * n / count) for n in range(1, count + 1))
    return tuple(Box(each - 2, down - 2, each + 2, down + 2) for each, down in at)
