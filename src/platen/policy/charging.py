"""Charging schemes: the prices that a device has, as frozen values.

A scheme holds unit prices; `prices.py` multiplies them with what came out. A device has a primary scheme (what
people or departments are charged) and may have a secondary one (what it truly costs); both are of this kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from platen.policy.job_name_filters import JobNameFilter
from platen.policy.paper_sizes import PaperSize
from platen.policy.usage_enums import JobType

NO_PRICE = Decimal(0)
UNIT_PRICE_MAX = Decimal(1_000_000)
UNIT_DECIMALS_MAX = 8
SCALE_DEFAULT = 4
NAME_LENGTH_MAX = 255


def check_unit_price(value: Decimal) -> None:
    """Raise ValueError unless value is an exact price from 0 to a million with at most eight decimals.

    The bounds keep every total exact: a thousand million impressions still fit the digits that prices.py works with.
    """
    if not value.is_finite() or not 0 <= value <= UNIT_PRICE_MAX:
        raise ValueError(f"{value} is not a price: it must lie between 0 and {UNIT_PRICE_MAX}.")
    if -int(value.as_tuple().exponent) > UNIT_DECIMALS_MAX:
        raise ValueError(f"{value} has more than {UNIT_DECIMALS_MAX} decimals. Write for example 0.0125.")


@dataclass(frozen=True, slots=True)
class SizePrices:
    """What one paper size costs: the sheet, and each side printed on it in black or with colour."""

    sheet: Decimal = NO_PRICE
    mono: Decimal = NO_PRICE
    color: Decimal = NO_PRICE

    def __post_init__(self) -> None:
        for value in (self.sheet, self.mono, self.color):
            check_unit_price(value)


@dataclass(frozen=True, slots=True)
class PaperPrices:
    """Prices of printing or copying: once a job, and by paper size.

    A size that `sizes` leaves out costs what `other` costs, so that no sheet is free by an oversight.
    """

    per_job: Decimal = NO_PRICE
    other: SizePrices = SizePrices()
    sizes: tuple[tuple[PaperSize, SizePrices], ...] = ()

    def __post_init__(self) -> None:
        check_unit_price(self.per_job)
        named = [size for size, _ in self.sizes]
        if PaperSize.OTHER in named or len(set(named)) != len(named):
            raise ValueError("A paper size has one row of prices, and the row of Other is the field `other`.")
        # One order, so that schemes with the same prices are equal.
        object.__setattr__(self, "sizes", tuple(sorted(self.sizes, key=lambda row: list(PaperSize).index(row[0]))))

    def of(self, size: PaperSize) -> SizePrices:
        """The prices of a size, those of Other where it has none of its own."""
        return next((prices for named, prices in self.sizes if named is size), self.other)

    @classmethod
    def same_for_all(cls, prices: SizePrices, *, per_job: Decimal = NO_PRICE) -> PaperPrices:
        """One price for every paper size."""
        return cls(
            per_job=per_job, other=prices, sizes=tuple((s, prices) for s in PaperSize if s is not PaperSize.OTHER)
        )


@dataclass(frozen=True, slots=True)
class PagePrices:
    """Prices of a fax, a scan or an e-mail: once a job, and by page."""

    per_job: Decimal = NO_PRICE
    per_page: Decimal = NO_PRICE

    def __post_init__(self) -> None:
        check_unit_price(self.per_job)
        check_unit_price(self.per_page)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingScheme:
    """A named set of prices. `scale` is the number of decimals a job's price is rounded to; currency is ISO 4217."""

    name: str
    description: str = ""
    currency: str = "EUR"
    scale: int = SCALE_DEFAULT
    print: PaperPrices = PaperPrices()
    copy: PaperPrices = PaperPrices()
    fax: PagePrices = PagePrices()
    scan: PagePrices = PagePrices()
    email: PagePrices = PagePrices()
    job_name_pricing: bool = False
    job_name_filters: tuple[JobNameFilter, ...] = ()

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > NAME_LENGTH_MAX:
            raise ValueError(f"A charging scheme has a name of 1 to {NAME_LENGTH_MAX} characters.")
        if not 0 <= self.scale <= UNIT_DECIMALS_MAX:
            raise ValueError(f"A price is rounded to 0 to {UNIT_DECIMALS_MAX} decimals, not to {self.scale}.")

    def paper_prices(self, job_type: JobType) -> PaperPrices:
        """The table for a job that uses paper: printing for pull and push, else copying."""
        return self.print if job_type.is_print else self.copy

    def page_prices(self, job_type: JobType) -> PagePrices:
        """The prices of a job that is counted in pages. Raises: ValueError for one that uses paper."""
        match job_type:
            case JobType.FAX:
                return self.fax
            case JobType.SCAN:
                return self.scan
            case JobType.EMAIL:
                return self.email
            case _:
                raise ValueError(f"{job_type} is priced by sheets and impressions, not by pages.")


def sample_scheme() -> ChargingScheme:
    """A scheme to begin with: A4 in black on both sides costs 0.20 a job and 0.25 for each full sheet."""
    usual = SizePrices(Decimal("0.05"), Decimal("0.10"), Decimal("0.30"))
    large = SizePrices(Decimal("0.10"), Decimal("0.20"), Decimal("0.60"))
    paper = PaperPrices(
        per_job=Decimal("0.20"),
        other=usual,
        sizes=(
            (PaperSize.A3, large),
            (PaperSize.A4, usual),
            (PaperSize.EXECUTIVE, usual),
            (PaperSize.LETTER, usual),
            (PaperSize.LEDGER, usual),
        ),
    )
    pages = PagePrices(Decimal("0.10"), Decimal("0.10"))
    return ChargingScheme(name="Standard", print=paper, copy=paper, fax=pages, scan=pages, email=pages)
