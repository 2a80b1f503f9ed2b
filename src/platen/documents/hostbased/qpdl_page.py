"""What the planes of one page of QPDL mark, taken band by band.

Devices print dots of cyan, magenta, yellow and black, and a grey may be made of the first three: where they cover about
the same share of each small area, an eye sees grey.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from platen.documents.hostbased.jbig import HEADER_BYTES, Picture, Undecodable
from platen.documents.hostbased.qm_coder import Steps, TooLaborious
from platen.documents.hostbased.qpdl_planes import (
    JBIG_OF_BAND,
    JBIG_OF_PAGE,
    Plane,
    piece_of_picture,
    pixels_of,
    pixels_of_lines,
)
from platen.documents.near_gray import NEAR_GRAY_SHARE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from platen.documents.hostbased.qpdl_planes import Pixels

BLACK = 4
_PICTURE_BYTES_MAX = 64 * 1024 * 1024  # of one plane of a page
_AREAS_PER_INCH = 37  # across and along: what is looked at as one


@dataclass(frozen=True, slots=True)
class Effort:
    """What may be done for a document: whether planes are white is told for more pages than what colour they have."""

    marks: Steps
    colors: Steps


class PageMarks:
    """The planes of a page. What is settled is not looked at again."""

    def __init__(self, dpi: tuple[int, int], effort: Effort, *, looks: bool) -> None:
        self.header = b""  # of the pictures of its bands
        self.colors: set[int] = set()  # whose planes are there
        self._area = max(1, dpi[0] // _AREAS_PER_INCH), max(1, dpi[1] // _AREAS_PER_INCH)
        self._effort = effort
        self._looks = looks
        self._marked: bool | None = False
        self._colored: bool | None = False
        self._band = -1
        self._inks: list[Pixels] = []  # cyan, magenta, yellow of the band under way
        self._pictures: dict[int, list[bytes]] = {}  # pieces of the page's picture by colour

    def is_open_to(self, color: int) -> bool:
        """Note that a plane of this colour is there. Returns: whether anything can be learnt from it."""
        self.colors.add(color)
        return self._looks and not self._colored and (color != BLACK or not self._marked)

    def add(self, plane: Plane) -> None:
        """Take a plane of a band."""
        if plane.compression == JBIG_OF_PAGE:
            self._pictures.setdefault(plane.color, []).append(piece_of_picture(plane.content))
            return
        if plane.band != self._band:
            self._end_band()
            self._band = plane.band
        try:
            if plane.compression != JBIG_OF_BAND or self._is_marked(plane):
                self._add_pixels(plane.color, pixels_of(plane, self.header, self._effort.colors))
        except (Undecodable, TooLaborious):
            self._fail(plane.color)

    def _is_marked(self, plane: Plane) -> bool:
        picture = Picture(self.header, piece_of_picture(plane.content), self._effort.marks)
        return picture.is_marked() is not False

    def _fail(self, color: int) -> None:
        self._marked = self._marked or None
        if color != BLACK:
            self._colored = self._colored or None

    def _add_pixels(self, color: int, pixels: Pixels) -> None:
        if not pixels.any():
            return
        self._marked = True
        if color != BLACK:
            self._inks.append(pixels)

    def _end_band(self) -> None:
        if self._inks and self._colored is False and self._is_tinted(self._inks):
            self._colored = True
        self._inks = []

    def _is_tinted(self, inks: list[Pixels]) -> bool:
        """Whether one ink covers more of any area than another; one that is missing covers nothing."""
        import numpy as np

        lines, columns = max(ink.shape[0] for ink in inks), max(ink.shape[1] for ink in inks)
        across, along = self._area
        counts = []
        for ink in inks:
            height, width = -(-lines // along), -(-columns // across)
            room = np.zeros((height * along, width * across), np.uint8)
            room[: ink.shape[0], : ink.shape[1]] = ink
            counts.append(room.reshape(height, along, width, across).sum(axis=(1, 3), dtype=np.int32))
        least = np.minimum.reduce(counts) if len(counts) > 2 else 0  # of three inks
        return bool(((np.maximum.reduce(counts) - least) > NEAR_GRAY_SHARE * across * along).any())

    def end(self) -> None:
        """The page is complete."""
        self._end_band()
        colors = [color for color in sorted(self._pictures) if color != BLACK]
        pictures: list[Picture] = []
        for color in colors:
            try:
                marked = self._picture(color, self._effort.marks).is_marked()
                self._marked = self._marked or marked
                if marked is not False:
                    pictures.append(self._picture(color, self._effort.colors))
            except Undecodable:
                self._fail(color)
        try:
            if self._colored is False:
                self._look_at(pictures)
        except (Undecodable, TooLaborious):
            self._fail(0)
        if BLACK in self._pictures and self.is_open_to(BLACK):
            self._look_at_black()

    def _picture(self, color: int, steps: Steps) -> Picture:
        octets = b"".join(self._pictures[color])
        if len(octets) > _PICTURE_BYTES_MAX:
            raise Undecodable
        return Picture(octets[:HEADER_BYTES], octets[HEADER_BYTES:], steps)

    def _look_at(self, pictures: list[Picture]) -> None:
        """Look at the inks side by side, as far as to the first area that is coloured."""
        for strips in zip_longest(*(self._strips(picture) for picture in pictures)):
            inks = [strip for strip in strips if strip is not None and strip.size]
            self._marked = self._marked or bool(inks)
            if inks and self._is_tinted(inks):
                self._colored = True
                return

    def _strips(self, picture: Picture) -> Iterator[Pixels]:
        lines: list[bytearray] = []
        for line in picture.lines():
            lines.append(line)
            if len(lines) == self._area[1]:
                yield pixels_of_lines(lines, picture.white)
                lines = []
        if lines:
            yield pixels_of_lines(lines, picture.white)

    def _look_at_black(self) -> None:
        try:
            marked = self._picture(BLACK, self._effort.marks).is_marked()
        except Undecodable:
            marked = None
        self._marked = True if marked else None if marked is None else self._marked

    @property
    def is_colored(self) -> bool | None:
        """Whether a person sees colour; None: not known."""
        return self._colored if self._looks or self.colors <= {BLACK} else None

    @property
    def is_blank(self) -> bool | None:
        if not self._looks:
            return None if self.colors else True
        return None if self._marked is None else not self._marked
