"""What an activity costs.

    print, copy        per job + sheets * price of the sheet + impressions * price of the impression, by paper size
    fax, scan, e-mail  per job + pages * price of the page

Rounding rule: everything is added up exactly, and only the final sum is rounded, once, to the scheme's scale, half
away from zero (ROUND_HALF_UP). Once, because rounding each line would let a job of many sizes gather an error with
every line and make the order of its pages matter; half up, because that is how people check a bill by hand. Unit
prices are never rounded.

A job that mixes one- and two-sided pages is priced exactly as well: its sheets are counted, not derived here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from enum import StrEnum

from platen.policy.charging import ChargingScheme
from platen.policy.job_name_filters import first_match
from platen.policy.paper_sizes import PaperSize, paper_size
from platen.policy.usage_enums import JobType

COUNT_MAX = 1_000_000_000
# 7 digits and 8 decimals of a unit price, 10 digits of a count, and sums of them: 50 digits are never filled.
_EXACT = Context(prec=50, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeCount:
    """What came out on one kind of paper. `media` is the name as reported; its priced size follows from it."""

    media: str | None
    sheets: int = 0
    impressions_mono: int = 0
    impressions_color: int = 0

    def __post_init__(self) -> None:
        for count in (self.sheets, self.impressions_mono, self.impressions_color):
            if not 0 <= count <= COUNT_MAX:
                raise ValueError(f"{count} is not a count of sheets or impressions: it lies between 0 and {COUNT_MAX}.")

    @property
    def size(self) -> PaperSize:
        """The row of a scheme that prices this paper."""
        return paper_size(self.media)

    @property
    def is_empty(self) -> bool:
        """True when nothing came out."""
        return not (self.sheets or self.impressions_mono or self.impressions_color)

    @classmethod
    def from_pages(
        cls, media: str | None, pages: int, *, color_pages: int = 0, duplex: bool = False, copies: int = 1
    ) -> SizeCount:
        """Count a document of one kind of paper, `copies` times; pages and color_pages are of one copy.

        Raises: ValueError where more pages have colour than there are.
        """
        if not 0 <= color_pages <= pages:
            raise ValueError(f"{color_pages} of {pages} pages cannot have colour.")
        return cls(
            media=media,
            sheets=sheets_of(pages, duplex=duplex) * copies,
            impressions_mono=(pages - color_pages) * copies,
            impressions_color=color_pages * copies,
        )


def sheets_of(pages: int, *, duplex: bool) -> int:
    """Sheets that one copy of `pages` needs: a page each, or two to a sheet with the last side left white."""
    return (pages + 1) // 2 if duplex else pages


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintActivity:
    """A print or copy by what came out of it. Printing from a memory stick is a copy.

    `job_name` is for job name pricing; leave it None where names carry no meaning, as with copies. `uncounted`:
    something came out and nobody knows how much, so that it costs at least what every job does.
    """

    counts: tuple[SizeCount, ...]
    job_type: JobType = JobType.PULL
    job_name: str | None = None
    uncounted: bool = False

    def __post_init__(self) -> None:
        if not self.job_type.uses_paper:
            raise ValueError(f"{self.job_type} uses no paper here: give it to PageActivity.")

    @property
    def is_empty(self) -> bool:
        """True when nothing came out."""
        return not self.uncounted and all(count.is_empty for count in self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageActivity:
    """A fax, a scan or an e-mail by its pages."""

    job_type: JobType
    pages: int
    job_name: str | None = None

    def __post_init__(self) -> None:
        if self.job_type.uses_paper:
            raise ValueError(f"{self.job_type} uses paper: give it to PrintActivity.")
        if not 0 <= self.pages <= COUNT_MAX:
            raise ValueError(f"{self.pages} is not a count of pages: it lies between 0 and {COUNT_MAX}.")

    @property
    def is_empty(self) -> bool:
        """True when no page was sent."""
        return self.pages == 0


Activity = PrintActivity | PageActivity


class PriceItem(StrEnum):
    """What a line of a price is for."""

    START_UP = "start-up"
    JOB_NAME = "job-name"  # the whole job, at the price of a job name filter
    SHEETS = "sheets"
    MONO = "mono"
    COLOR = "color"
    PAGES = "pages"


_ITEM_WORDS = {
    PriceItem.START_UP: "job",
    PriceItem.JOB_NAME: "job by its name",
    PriceItem.SHEETS: "sheets",
    PriceItem.MONO: "black",
    PriceItem.COLOR: "color",
    PriceItem.PAGES: "pages",
}


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of a price; `amount` is exact: count * unit_price. `media` is the paper as reported, if any."""

    item: PriceItem
    count: int
    unit_price: Decimal
    amount: Decimal
    media: str | None = None
    size: PaperSize | None = None

    @property
    def text(self) -> str:
        """The line in words without its amount: `7 A4, black`, `3 A4, sheets`, `4 pages`, `1 job`."""
        words = _ITEM_WORDS[self.item]
        return f"{self.count} {words}" if self.size is None else f"{self.count} {self.size}, {words}"


@dataclass(frozen=True, slots=True)
class Price:
    """A price and how it came about. `amount` is rounded to the scheme's scale, `exact` is the sum of the lines."""

    amount: Decimal
    exact: Decimal = Decimal(0)
    lines: tuple[PriceLine, ...] = ()
    currency: str | None = None  # None without a scheme
    scheme: str | None = None


FREE = Price(amount=Decimal("0.00"))


def price(scheme: ChargingScheme | None, activity: Activity) -> Price:
    """Price an activity: 0.00 without a scheme, and 0 when nothing came out, without a start-up price.

    A job name filter of the scheme that fits `activity.job_name` fixes the price of the whole job.
    """
    if scheme is None:
        return FREE
    with localcontext(_EXACT):
        lines = () if activity.is_empty else tuple(_lines(scheme, activity))
        exact = sum((line.amount for line in lines), Decimal(0))
        rounded = exact.quantize(Decimal(1).scaleb(-scheme.scale), rounding=ROUND_HALF_UP)
    return Price(amount=rounded, exact=exact, lines=lines, currency=scheme.currency, scheme=scheme.name)


def _lines(scheme: ChargingScheme, activity: Activity) -> Iterator[PriceLine]:
    if scheme.job_name_pricing and activity.job_name is not None:
        fixed = first_match(scheme.job_name_filters, activity.job_name)
        if fixed is not None:
            yield PriceLine(PriceItem.JOB_NAME, 1, fixed.price, fixed.price)
            return
    if isinstance(activity, PageActivity):
        pages = scheme.page_prices(activity.job_type)
        yield from _counted(PriceItem.START_UP, 1 if pages.per_job else 0, pages.per_job)
        yield from _counted(PriceItem.PAGES, activity.pages, pages.per_page)
        return
    paper = scheme.paper_prices(activity.job_type)
    yield from _counted(PriceItem.START_UP, 1 if paper.per_job else 0, paper.per_job)
    for count in activity.counts:
        unit = paper.of(count.size)
        yield from _counted(PriceItem.SHEETS, count.sheets, unit.sheet, count)
        yield from _counted(PriceItem.MONO, count.impressions_mono, unit.mono, count)
        yield from _counted(PriceItem.COLOR, count.impressions_color, unit.color, count)


def _counted(item: PriceItem, count: int, unit_price: Decimal, of: SizeCount | None = None) -> Iterator[PriceLine]:
    """A line, unless there is nothing to count."""
    if count:
        media, size = (of.media, of.size) if of else (None, None)
        yield PriceLine(item, count, unit_price, count * unit_price, media, size)
