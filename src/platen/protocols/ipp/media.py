"""Media size self-describing names and media-col collections (PWG 5101.1-2013 section 5, PWG 5100.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.values import Attribute, Collection, IntRange

_NAME = re.compile(r"[a-z]+_[a-z0-9][-.a-z0-9]*_(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)(in|mm)", re.ASCII)
_PER_UNIT = {"in": 2540, "mm": 100}

TOLERANCE = 35
"""Sizes that differ by less than this many hundredths of a millimetre are the same medium: a point, or rounding."""


@dataclass(frozen=True, slots=True)
class MediaSize:
    """A medium's name and its dimensions in hundredths of a millimetre, portrait as its name gives them."""

    name: str
    x_dimension: int
    y_dimension: int

    @classmethod
    def parse(cls, name: str) -> MediaSize:
        """From `iso_a4_210x297mm` or `na_letter_8.5x11in`. Raises: ValueError for another form."""
        size = find_size(name)
        if size is None:
            raise ValueError(f"{name!r} is no self-describing media name; write for example iso_a4_210x297mm")
        return size

    def is_close_to(self, x_dimension: int, y_dimension: int) -> bool:
        """Whether these dimensions mean this medium."""
        return abs(self.x_dimension - x_dimension) < TOLERANCE and abs(self.y_dimension - y_dimension) < TOLERANCE

    def media_size(self) -> Collection:
        """As the media-size member of a media-col."""
        return Collection([a.integer("x-dimension", self.x_dimension), a.integer("y-dimension", self.y_dimension)])


@lru_cache(maxsize=1024)
def find_size(name: str) -> MediaSize | None:
    """The size that a name describes, or None where it describes none."""
    match = _NAME.fullmatch(name)
    if match is None or len(name) > 255:
        return None
    per_unit = _PER_UNIT[match[3]]
    return MediaSize(name, round(float(match[1]) * per_unit), round(float(match[2]) * per_unit))


@dataclass(frozen=True, slots=True)
class Margins:
    """Unprintable edges in hundredths of a millimetre."""

    bottom: int = 423
    left: int = 423
    right: int = 423
    top: int = 423

    def members(self) -> list[Attribute]:
        """As members of a media-col."""
        return [
            a.integer("media-bottom-margin", self.bottom),
            a.integer("media-left-margin", self.left),
            a.integer("media-right-margin", self.right),
            a.integer("media-top-margin", self.top),
        ]


MEDIA_COL_MEMBERS = (
    "media-bottom-margin",
    "media-left-margin",
    "media-right-margin",
    "media-size",
    "media-size-name",
    "media-source",
    "media-top-margin",
    "media-type",
)


def media_col(size: MediaSize, margins: Margins, *, source: str | None = None, type_: str | None = None) -> Collection:
    """One medium as the members of MEDIA_COL_MEMBERS that are known of it."""
    members = [a.collection("media-size", size.media_size()), a.keyword("media-size-name", size.name)]
    members += margins.members()
    if source:
        members.append(a.keyword("media-source", source))
    if type_:
        members.append(a.keyword("media-type", type_))
    return Collection(members)


def custom_media_col(smallest: MediaSize, largest: MediaSize, margins: Margins) -> Collection:
    """Every medium between two sizes, as a media-col-database entry."""
    return Collection([a.collection("media-size", custom_size(smallest, largest)), *margins.members()])


def custom_size(smallest: MediaSize, largest: MediaSize) -> Collection:
    """Every size between two, as a media-size-supported entry."""
    return Collection(
        [
            a.int_range("x-dimension", IntRange(smallest.x_dimension, largest.x_dimension)),
            a.int_range("y-dimension", IntRange(smallest.y_dimension, largest.y_dimension)),
        ]
    )


def size_of(collection: Collection) -> tuple[int, int] | None:
    """(x, y) in hundredths of a millimetre that a media-col asks for; None where it names no size."""
    size = collection.collection("media-size")
    x, y = (size.integer("x-dimension"), size.integer("y-dimension")) if size else (None, None)
    if x is not None and y is not None:
        return x, y
    named = find_size(collection.text("media-size-name") or "")
    return (named.x_dimension, named.y_dimension) if named else None
