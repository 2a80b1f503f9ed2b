"""What a print file says about itself: the values that an analysis gives.

Pages are held as runs of like pages, so that a report of ten thousand equal pages is one run.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Sides(enum.StrEnum):
    """IPP sides (RFC 8011 section 5.2.8)."""

    ONE_SIDED = "one-sided"
    TWO_SIDED_LONG_EDGE = "two-sided-long-edge"
    TWO_SIDED_SHORT_EDGE = "two-sided-short-edge"

    @property
    def is_two_sided(self) -> bool:
        return self is not Sides.ONE_SIDED


class Orientation(enum.StrEnum):
    """IPP orientation-requested (RFC 8011 section 5.2.10), as far as it can be told from a page's size."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


# Cyan, magenta, yellow and black on one page: the mean amount of ink as percent of the page's area x 100, 0..10000.
Coverage = tuple[int, int, int, int]
COVERAGE_MAX = 10_000  # all of the page


class PagesBasis(enum.StrEnum):
    """Where the number of pages comes from, best first."""

    COUNTED = "counted"  # every page was found in the data
    DECLARED = "declared"  # the file states a total that was not checked page by page
    ESTIMATED = "estimated"  # the format has no pages (plain text) or they can only be known by running it
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRun:
    """Pages `first` to `last` (counted from 1, both included), which are alike."""

    first: int
    last: int
    media: str | None = None  # PWG 5101.1 self-describing name; None where the file leaves it to the device
    width_mm: float | None = None  # as the page is seen, after rotation
    height_mm: float | None = None
    color: bool | None = None  # None: not known
    blank: bool | None = None  # True: nothing is painted; None: not known
    copies: int = 1  # of this page alone, beside the document's copies; 0: the page is not printed
    sides: Sides | None = None  # where the page differs from the document
    sides_left_to_job: bool = (
        False  # nothing in the file asks for these sides, so those that the job asks for come first
    )
    coverage: Coverage | None = None  # None: not asked for, or the page cannot be rendered
    number_up: int | None = None  # pages that the device lays on one side, where that is not the document's

    @property
    def pages(self) -> int:
        return self.last - self.first + 1

    @property
    def orientation(self) -> Orientation | None:
        """As the page is seen; a square page is portrait. None: the size is not known."""
        if self.width_mm is None or self.height_mm is None:
            return None
        return Orientation.LANDSCAPE if self.width_mm > self.height_mm else Orientation.PORTRAIT


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What one print file holds.

    `format` is the media type of the page description itself, also when PJL or gzip is wrapped around it.
    `copies` and `sides` are what the file demands by itself (PJL, PCL, PostScript or raster header); job attributes
    come on top in `job_facts`. `problems` are sentences for a person, empty for a sound file: damage, and what could
    not be known and why.
    """

    format: str
    format_version: str | None = None  # "1.7", "3.0", as the file states it
    declared_format: str | None = None  # what the client named, where that contradicts what was found
    pages: int | None = None
    pages_basis: PagesBasis = PagesBasis.UNKNOWN
    page_runs: tuple[PageRun, ...] = ()  # may cover fewer pages than `pages` when a limit was reached
    document_ends: tuple[int, ...] = ()  # where the file holds several documents, the last page of each but the last
    number_up: int = 1  # pages of the application that the file lays on each of its own pages, as far as it says so
    device_number_up: int = 1  # pages that the file asks the device to lay on one side (PJL, a print ticket)
    copies: int = 1
    copies_collated: bool | None = None  # whether the file asks for whole sets (True) or page by page; None: not said
    sides: Sides | None = None  # None: the file does not say
    title: str | None = None
    user: str | None = None
    host: str | None = None
    driver: str | None = None  # the driver, or the program that produced the file
    application: str | None = None  # the program that the document was written with
    resolution_dpi: tuple[int, int] | None = None  # across and along the feed
    encrypted: bool = False
    fonts_not_embedded: tuple[str, ...] = ()  # names; the device replaces them with what it has
    problems: tuple[str, ...] = ()

    @property
    def logical_pages(self) -> int | None:
        """Pages as the application counts them, at most: the last page may be partly filled."""
        return None if self.pages is None else self.pages * self.number_up

    @property
    def color_pages(self) -> int:
        """Pages known to hold colour. Pages whose colour is not known are not counted."""
        return sum(run.pages for run in self.page_runs if run.color)

    @property
    def color_unknown_pages(self) -> int:
        return sum(run.pages for run in self.page_runs if run.color is None)

    @property
    def has_color(self) -> bool | None:
        """True with one colour page, False when every page is known to be without, else None."""
        if any(run.color for run in self.page_runs):
            return True
        known = bool(self.page_runs) and all(run.color is False for run in self.page_runs)
        return False if known else None

    def to_dict(self) -> dict[str, Any]:
        """A plain value for JSON; what has its default is left out."""
        plain = _plain(self, leave_out="page_runs")
        if self.page_runs:
            plain["page_runs"] = [_plain(run) for run in self.page_runs]
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> DocumentFacts:
        """The inverse of `to_dict`. Keys of a later version are passed over. Raises: KeyError, ValueError."""
        known = {name: value for name, value in plain.items() if name in cls.__dataclass_fields__}
        known["format"] = plain["format"]
        known["page_runs"] = tuple(_run_from(run) for run in plain.get("page_runs", ()))
        for name in ("problems", "fonts_not_embedded", "document_ends"):
            known[name] = tuple(plain.get(name, ()))
        if known.get("resolution_dpi") is not None:
            known["resolution_dpi"] = tuple(known["resolution_dpi"])
        if "pages_basis" in known:
            known["pages_basis"] = PagesBasis(known["pages_basis"])
        if known.get("sides") is not None:
            known["sides"] = Sides(known["sides"])
        return cls(**known)


def _run_from(plain: Mapping[str, Any]) -> PageRun:
    known = {name: value for name, value in plain.items() if name in PageRun.__dataclass_fields__}
    if known.get("sides") is not None:
        known["sides"] = Sides(known["sides"])
    if known.get("coverage") is not None:
        known["coverage"] = tuple(known["coverage"])
    return PageRun(**known)


def _plain(value: DocumentFacts | PageRun, leave_out: str = "") -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, field in value.__dataclass_fields__.items():
        item = getattr(value, name)
        if name == leave_out or item == field.default:
            continue
        plain[name] = list(item) if isinstance(item, tuple) else item.value if isinstance(item, enum.Enum) else item
    return plain
