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

    @property
    def pages(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What one print file holds.

    `format` is the media type of the page description itself, also when PJL or gzip is wrapped around it.
    `copies` and `sides` are what the file demands by itself (PJL, PCL, PostScript or raster header); job attributes
    come on top in `job_facts`. `problems` are sentences for a person, empty for a sound file.
    """

    format: str
    pages: int | None = None
    pages_basis: PagesBasis = PagesBasis.UNKNOWN
    page_runs: tuple[PageRun, ...] = ()  # may cover fewer pages than `pages` when a limit was reached
    copies: int = 1
    sides: Sides | None = None  # None: the file does not say
    title: str | None = None
    user: str | None = None
    host: str | None = None
    driver: str | None = None  # the driver, or the program that produced the file
    problems: tuple[str, ...] = ()

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
        known["problems"] = tuple(plain.get("problems", ()))
        if "pages_basis" in known:
            known["pages_basis"] = PagesBasis(known["pages_basis"])
        if known.get("sides") is not None:
            known["sides"] = Sides(known["sides"])
        return cls(**known)


def _run_from(plain: Mapping[str, Any]) -> PageRun:
    known = {name: value for name, value in plain.items() if name in PageRun.__dataclass_fields__}
    if known.get("sides") is not None:
        known["sides"] = Sides(known["sides"])
    return PageRun(**known)


def _plain(value: DocumentFacts | PageRun, leave_out: str = "") -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, field in value.__dataclass_fields__.items():
        item = getattr(value, name)
        if name == leave_out or item == field.default:
            continue
        plain[name] = list(item) if isinstance(item, tuple) else item.value if isinstance(item, enum.Enum) else item
    return plain
