"""A charging scheme as a table that people fill in, and an example document priced by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from platen.policy.paper_sizes import PaperSize
from platen.policy.prices import FREE, Price, PrintActivity, SizeCount, price
from platen.policy.scheme_format import SchemeError, scheme_from_dict

COLUMNS = ("sheet", "mono", "color")
PAPER_KINDS = ("print", "copy")
PAGE_KINDS = ("fax", "scan", "email")
EXAMPLE_NAME = "example"
PAGES_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One price of the table: the control's name and what stands in it."""

    name: str
    column: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One paper size."""

    size: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class PaperTable:
    """Prices of printing or of copying."""

    kind: str
    title: str
    per_job: str
    rows: tuple[SizeRow, ...]


@dataclass(frozen=True, slots=True)
class PageLine:
    """Prices of faxing, scanning or mailing."""

    kind: str
    title: str
    per_job: str
    per_page: str


@dataclass(frozen=True, slots=True)
class PriceTable:
    """A whole scheme as a page shows it. `prices` is the same as data."""

    name: str
    description: str
    papers: tuple[PaperTable, ...]
    lines: tuple[PageLine, ...]
    prices: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A document and what it would cost."""

    pages: int
    color: bool
    both_sides: bool
    size: str
    price: Price
    currency: str
    problem: str = ""

    @property
    def sizes(self) -> list[str]:
        """What can be chosen."""
        return [size.value for size in PaperSize]


def table_of(prices: Mapping[str, Any], name: str, description: str) -> PriceTable:
    """The prices as rows; a size that has none of its own shows those of Other."""
    titles = {
        "print": _("Printing"),
        "copy": _("Copying"),
        "fax": _("Fax"),
        "scan": _("Scan"),
        "email": _("Scan to e-mail"),
    }
    papers = tuple(_paper(kind, titles[kind], prices.get(kind) or {}) for kind in PAPER_KINDS)
    lines = tuple(
        PageLine(
            kind,
            titles[kind],
            str((prices.get(kind) or {}).get("per_job", "0.00")),
            str((prices.get(kind) or {}).get("per_page", "0.00")),
        )
        for kind in PAGE_KINDS
    )
    return PriceTable(name, description, papers, lines, prices)


def prices_from(post: Mapping[str, str], before: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as data for the verbs; whatever the table does not show stays as it was.

    A comma is taken for a decimal point, as many people type it. What is no price is left for the verb to refuse.
    """
    prices: dict[str, Any] = {key: value for key, value in before.items() if key not in ("name", "description")}
    for kind in PAPER_KINDS:
        prices[kind] = {
            "per_job": _typed(post, f"{kind}.per_job"),
            "sizes": {
                size.value: {column: _typed(post, f"{kind}.{size.value}.{column}") for column in COLUMNS}
                for size in PaperSize
            },
        }
    for kind in PAGE_KINDS:
        prices[kind] = {name: _typed(post, f"{kind}.{name}") for name in ("per_job", "per_page")}
    return prices


def example_of(prices: Mapping[str, Any], asked: Mapping[str, str], currency: str) -> Example:
    """The example document under these prices: 5 colour pages, A4, both sides, unless something else was asked."""
    pages = _whole(asked.get("example.pages", "5"))
    color = asked.get("example.color", "yes") == "yes"
    both_sides = asked.get("example.sides", "both") == "both"
    size = asked.get("example.size", "A4")
    size = size if size in set(PaperSize) else PaperSize.A4.value
    count = SizeCount.from_pages(size, pages, color_pages=pages if color else 0, duplex=both_sides)
    try:
        scheme = scheme_from_dict({**prices, "name": EXAMPLE_NAME, "currency": currency})
    except SchemeError as error:
        first = error.problems[0]
        return Example(pages, color, both_sides, size, FREE, currency, f"{first.field}: {first.text}")
    return Example(pages, color, both_sides, size, price(scheme, PrintActivity(counts=(count,))), currency)


def example_price(prices: Mapping[str, Any], name: str) -> Price:
    """What the usual example costs by a stored scheme."""
    scheme = scheme_from_dict({**prices, "name": name})
    return price(scheme, PrintActivity(counts=(SizeCount.from_pages("A4", 5, color_pages=5, duplex=True),)))


def _paper(kind: str, title: str, paper: Mapping[str, Any]) -> PaperTable:
    sizes = paper.get("sizes") or {}
    other = sizes.get(PaperSize.OTHER.value) or {}
    words = {"sheet": _("sheet"), "mono": _("black page"), "color": _("colour page")}
    rows = tuple(
        SizeRow(
            size.value,
            tuple(
                Cell(
                    f"{kind}.{size.value}.{column}",
                    column,
                    str((sizes.get(size.value) or other).get(column, "0.00")),
                    f"{title}, {size.value}, {words[column]}",
                )
                for column in COLUMNS
            ),
        )
        for size in PaperSize
    )
    return PaperTable(kind, title, str(paper.get("per_job", "0.00")), rows)


def _typed(post: Mapping[str, str], name: str) -> str:
    return post.get(name, "").strip().replace(",", ".") or "0.00"


def _whole(text: str) -> int:
    return min(int(text), PAGES_MAX) if text.isascii() and text.isdigit() and len(text) < 8 else 0
