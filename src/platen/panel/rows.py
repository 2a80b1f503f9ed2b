"""A document as a line on the panel, and several of them as a sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platen.panel.at_panel import SignedIn
from platen.panel.short_names import short_name
from platen.policy.currency import money_text
from platen.printing.models import Job
from platen.printing.print_all import offers_at
from platen.tracking.quotes import Quote, quote_jobs

COST_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One document. `warning`: why it may come out differently here."""

    job: Job
    quote: Quote
    warning: str

    @property
    def name(self) -> str:
        """Short enough for a small screen."""
        return short_name(self.job.name)

    @property
    def copies(self) -> int:
        """How many would be printed."""
        return self.quote.copies

    @property
    def facts(self) -> str:
        """12 sheets, both sides, 5 pages in colour."""
        if not self.quote.known:
            return _("Pages not counted") if self.job.facts is not None else _("Pages are being counted")
        parts = [ngettext("%(count)d sheet", "%(count)d sheets", self.quote.sheets) % {"count": self.quote.sheets}]
        if self.copies > 1:
            parts.insert(0, _("%(count)d copies") % {"count": self.copies})
        if self.quote.page_format not in {"", "A4", "Letter"}:
            parts[-1] += f" {self.quote.page_format}"
        parts.append(_("both sides") if self.quote.two_sided else _("one side"))
        parts.append(self._color())
        return ", ".join(parts)

    @property
    def pages(self) -> str:
        """12 pages, in front of the facts where they are shown alone; nothing while they are not known."""
        count = self.job.pages
        if count is None or not self.quote.known:
            return ""
        return ngettext("%(count)d page: ", "%(count)d pages: ", count) % {"count": count}

    @property
    def price(self) -> str:
        """What it would cost; empty without a price, and while nobody can tell."""
        return _money(self.quote.price.amount, self.quote.price.currency) if self.quote.price.currency else ""

    @property
    def cost(self) -> int:
        """The price in ten-thousandths, for the script that adds up."""
        return int(self.quote.price.amount.scaleb(COST_DECIMALS))

    @property
    def price_words(self) -> str:
        """The price with its explanation, where there is room for one."""
        return _("price known when printed") if self.quote.price_follows else self.price

    def _color(self) -> str:
        colored, pages = self.quote.color_pages, self.quote.pages
        if not colored:
            return _("black and white")
        if colored == pages:
            return _("colour")
        return ngettext("%(count)d page in colour", "%(count)d pages in colour", colored) % {"count": colored}


@dataclass(frozen=True, slots=True)
class Total:
    """Several documents."""

    documents: int
    sheets: int
    price: str
    sign: str
    """What stands before an amount, for the script that adds up; empty without prices."""
    prices_follow: bool = False
    """The sum leaves out documents whose price is known when they are printed."""

    @property
    def text(self) -> str:
        """4 documents, 27 sheets."""
        count = self.documents
        documents = ngettext("%(count)d document", "%(count)d documents", count) % {"count": count}
        if not self.sheets:
            return documents
        sheets = ngettext("%(count)d sheet", "%(count)d sheets", self.sheets) % {"count": self.sheets}
        return f"{documents}, {sheets}"


def rows_of(panel: SignedIn, copies: Mapping[int, int]) -> list[Row]:
    """What the person can collect at this device, oldest first."""
    offers = offers_at(panel.user, panel.device)
    quotes = quote_jobs(panel.device, [offer.job for offer in offers], copies)
    return [Row(offer.job, quotes[offer.job.id], offer.fit.sentence) for offer in offers]


def total_of(rows: Sequence[Row]) -> Total:
    """Their sum."""
    currency = next((row.quote.price.currency for row in rows if row.quote.price.currency), None)
    amount = sum((row.quote.price.amount for row in rows), Decimal(0))
    sheets, follow = sum(row.quote.sheets for row in rows), any(row.quote.price_follows for row in rows)
    if currency is None:
        return Total(len(rows), sheets, "", "", follow)
    return Total(len(rows), sheets, _money(amount, currency), _money(Decimal(0), currency).rstrip("0."), follow)


def _money(amount: Decimal, currency: str | None) -> str:
    return money_text(amount, currency)
