"""Charging schemes as plain data, the way a TOML or JSON file holds them.

    name = "Standard"
    description = ""            # optional, as is everything from here to [print]
    currency = "EUR"            # ISO 4217
    scale = 4                   # decimals that the price of a job is rounded to
    job_name_pricing = true     # default: on when there are filters

    [print]                     # required; a kind of job without a table is free
    per_job = "0.20"
    [print.sizes.A4]            # A3, A4, Executive, Letter, Legal, Ledger; a size left out costs what Other costs
    sheet = "0.05"
    mono = "0.10"               # an impression in black
    color = "0.30"              # an impression with colour
    [print.sizes.Other]         # required: also the price of every unknown paper
    sheet = "0.05"
    mono = "0.10"
    color = "0.30"

    [copy]                      # as [print]
    [fax]                       # so also [scan] and [email]
    per_job = "0.10"
    per_page = "0.10"

    [[job_name_filters]]        # the first that fits fixes the price of the job
    pattern = "http*example.org*"
    price = "0.10"

Prices are best written as text with a decimal point. A number is taken by the shortest decimal that means it, so 0.1
is one tenth. Reading is strict: every mistake is reported, each with the field it is in and how to write it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from platen.policy.charging import (
    NAME_LENGTH_MAX,
    NO_PRICE,
    SCALE_DEFAULT,
    UNIT_DECIMALS_MAX,
    ChargingScheme,
    PagePrices,
    PaperPrices,
    SizePrices,
    check_unit_price,
)
from platen.policy.currency import check_currency
from platen.policy.job_name_filters import JobNameFilter
from platen.policy.paper_sizes import PaperSize

_KEYS = (
    *("name", "description", "currency", "scale", "job_name_pricing", "job_name_filters"),
    *("print", "copy", "fax", "scan", "email"),
)
_PRICE_TEXT = re.compile(r"[0-9]+(\.[0-9]+)?")
_PRICE_HINT = 'Write a price with a decimal point, for example "0.05".'
FILTERS_MAX = 10_000


@dataclass(frozen=True, slots=True)
class SchemeProblem:
    """A mistake: the field, as a path like `print.sizes.A4.mono`, and a sentence."""

    field: str
    text: str


class SchemeError(ValueError):
    """A charging scheme cannot be read; `problems` has every mistake found, in the order of the file."""

    def __init__(self, problems: tuple[SchemeProblem, ...]) -> None:
        self.problems = problems
        super().__init__(
            "\n".join(f"{problem.field}: {problem.text}" if problem.field else problem.text for problem in problems)
        )


def scheme_from_dict(data: object) -> ChargingScheme:
    """Read a scheme from what a TOML or JSON reader gives; the module's docstring has the shape.

    Raises: SchemeError with all mistakes at once, so that a file is corrected in one go.
    """
    reader = _Reader()
    scheme = _read_scheme(reader, data)
    if reader.problems or scheme is None:
        raise SchemeError(tuple(reader.problems))
    return scheme


def scheme_to_dict(scheme: ChargingScheme) -> dict[str, object]:
    """The scheme as text, numbers and tables for JSON or TOML; `scheme_from_dict` reads it back unchanged."""
    return {
        "name": scheme.name,
        "description": scheme.description,
        "currency": scheme.currency,
        "scale": scheme.scale,
        "job_name_pricing": scheme.job_name_pricing,
        "print": _paper_dict(scheme.print),
        "copy": _paper_dict(scheme.copy),
        **{
            kind: {"per_job": _text(prices.per_job), "per_page": _text(prices.per_page)}
            for kind, prices in (("fax", scheme.fax), ("scan", scheme.scan), ("email", scheme.email))
        },
        "job_name_filters": [{"pattern": f.pattern, "price": _text(f.price)} for f in scheme.job_name_filters],
    }


def _text(value: Decimal) -> str:
    return f"{value:f}"


def _paper_dict(paper: PaperPrices) -> dict[str, object]:
    rows = (*paper.sizes, (PaperSize.OTHER, paper.other))
    sizes = {
        size.value: {"sheet": _text(row.sheet), "mono": _text(row.mono), "color": _text(row.color)}
        for size, row in rows
    }
    return {"per_job": _text(paper.per_job), "sizes": sizes}


@dataclass(slots=True)
class _Reader:
    """Reads single values and gathers what is wrong with them; a faulty value reads as a harmless one."""

    problems: list[SchemeProblem] = field(default_factory=list)

    def wrong(self, path: str, text: str) -> None:
        self.problems.append(SchemeProblem(path, text))

    def table(self, path: str, value: object, keys: Iterable[str]) -> Mapping[str, object]:
        """The value as a table that has no other keys than these."""
        known = tuple(keys)
        if not isinstance(value, Mapping):
            self.wrong(path, f"This must be a table with {_listed(known)}, not {_kind(value)}.")
            return {}
        for key in value:
            if key not in known:
                near = difflib.get_close_matches(str(key).casefold(), [k.casefold() for k in known], n=1)
                meant = next((k for k in known if near and k.casefold() == near[0]), None)
                hint = f"Did you mean {meant}?" if meant else f"Known here: {_listed(known)}."
                self.wrong(_join(path, str(key)), f"There is no such field. {hint}")
        return value

    def text(self, path: str, value: object, default: str = "") -> str:
        if value is None:
            return default
        if not isinstance(value, str):
            self.wrong(path, f"This must be text in quotes, not {_kind(value)}.")
            return default
        return value

    def price(self, path: str, value: object) -> Decimal:
        """A price; missing means 0."""
        if value is None:
            return NO_PRICE
        text = value if isinstance(value, str) else str(value)
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            self.wrong(path, f"This must be a price, not {_kind(value)}. {_PRICE_HINT}")
            return NO_PRICE
        if isinstance(value, float | Decimal):
            text = f"{Decimal(text):f}"  # 1e-05 is how a small number prints itself
        if not text.isascii() or not _PRICE_TEXT.fullmatch(text):
            self.wrong(path, f"{text!r} is not a price. {_PRICE_HINT}")
            return NO_PRICE
        try:
            check_unit_price(Decimal(text))
        except ValueError as error:
            self.wrong(path, str(error))
            return NO_PRICE
        return Decimal(text)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _kind(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float() | Decimal():
            return f"the number {value}"
        case str():
            return f"the text {value!r}"
        case Mapping():
            return "a table"
        case _:
            return "a list"


def _read_scheme(reader: _Reader, data: object) -> ChargingScheme | None:
    top = reader.table("", data, _KEYS)
    if reader.problems and not top:
        return None
    name = reader.text("name", top.get("name")).strip()
    if not name and isinstance(top.get("name", ""), str):
        reader.wrong("name", 'A charging scheme needs a name, for example name = "Standard".')
    if len(name) > NAME_LENGTH_MAX:
        reader.wrong("name", f"This name is too long: it may have {NAME_LENGTH_MAX} characters.")
    currency = reader.text("currency", top.get("currency"), "EUR")
    try:
        check_currency(currency)
    except ValueError as error:
        reader.wrong("currency", str(error))
    if "print" not in top:
        reader.wrong("print", "The prices of printing are missing. Add a table [print] with sizes.")
    filters = _read_filters(reader, top.get("job_name_filters"))
    copying = _read_paper(reader, "copy", top["copy"]) if "copy" in top else PaperPrices()
    printing = _read_paper(reader, "print", top["print"]) if "print" in top else PaperPrices()
    fax, scan, email = (
        _read_pages(reader, kind, top[kind]) if kind in top else PagePrices() for kind in ("fax", "scan", "email")
    )
    description = reader.text("description", top.get("description"))
    scale = _read_scale(reader, top.get("scale"))
    job_name_pricing = _read_switch(reader, top.get("job_name_pricing"), default=bool(filters))
    if reader.problems:
        return None
    return ChargingScheme(
        name=name,
        description=description,
        currency=currency,
        scale=scale,
        print=printing,
        copy=copying,
        fax=fax,
        scan=scan,
        email=email,
        job_name_pricing=job_name_pricing,
        job_name_filters=filters,
    )


def _read_scale(reader: _Reader, value: object) -> int:
    if value is None:
        return SCALE_DEFAULT
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= UNIT_DECIMALS_MAX:
        reader.wrong(
            "scale",
            f"This is the number of decimals of a price: 0 to {UNIT_DECIMALS_MAX}, usually 4, not {_kind(value)}.",
        )
        return SCALE_DEFAULT
    return value


def _read_switch(reader: _Reader, value: object, *, default: bool) -> bool:
    if value is None:
        return default
    if not isinstance(value, bool):
        reader.wrong("job_name_pricing", f"Write true or false, not {_kind(value)}.")
        return default
    return value


def _read_paper(reader: _Reader, path: str, value: object) -> PaperPrices:
    table = reader.table(path, value, ("per_job", "sizes"))
    per_job = reader.price(f"{path}.per_job", table.get("per_job"))
    sizes_path = f"{path}.sizes"
    sizes = reader.table(sizes_path, table.get("sizes"), [size.value for size in PaperSize]) if table else {}
    rows = [
        (size, _read_size(reader, f"{sizes_path}.{size}", sizes[size.value]))
        for size in PaperSize
        if size.value in sizes
    ]
    other = next((row for size, row in rows if size is PaperSize.OTHER), None)
    if sizes and other is None:
        reader.wrong(
            f"{sizes_path}.Other", "The prices of other paper are missing; give them those of the size used most."
        )
    return PaperPrices(per_job, other or SizePrices(), tuple(row for row in rows if row[0] is not PaperSize.OTHER))


def _read_size(reader: _Reader, path: str, value: object) -> SizePrices:
    fields = ("sheet", "mono", "color")
    table = reader.table(path, value, fields)
    for name in fields:
        if table and name not in table:
            reader.wrong(f"{path}.{name}", f'This price is missing. Write "0.00" if it is free. {_PRICE_HINT}')
    sheet, mono, color = (reader.price(f"{path}.{name}", table.get(name)) for name in fields)
    return SizePrices(sheet, mono, color)


def _read_pages(reader: _Reader, path: str, value: object) -> PagePrices:
    table = reader.table(path, value, ("per_job", "per_page"))
    return PagePrices(
        reader.price(f"{path}.per_job", table.get("per_job")), reader.price(f"{path}.per_page", table.get("per_page"))
    )


def _read_filters(reader: _Reader, value: object) -> tuple[JobNameFilter, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or len(value) > FILTERS_MAX:
        reader.wrong("job_name_filters", f"This is a list of at most {FILTERS_MAX} tables with pattern and price.")
        return ()
    filters = []
    for number, entry in enumerate(value, start=1):
        path = f"job_name_filters[{number}]"
        table = reader.table(path, entry, ("pattern", "price"))
        if table and "price" not in table:
            reader.wrong(f"{path}.price", f"The price of the job is missing. {_PRICE_HINT}")
        fixed = reader.price(f"{path}.price", table.get("price"))
        try:
            filters.append(JobNameFilter(reader.text(f"{path}.pattern", table.get("pattern")), fixed))
        except ValueError as error:
            reader.wrong(f"{path}.pattern", str(error))
    return tuple(filters)
