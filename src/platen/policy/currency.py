"""Currencies by their ISO 4217 codes: their digits, their symbols, and amounts as text."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

# Minor-unit digits where they are not two, as ISO 4217 lists them.
_DIGITS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV"), 0
    ),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
# Only signs that mean one currency to a reader; the others are written by their code.
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "UAH": "₴", "VND": "₫"}


def check_currency(code: str) -> None:
    """Raise ValueError unless code has the shape of ISO 4217: three capital letters."""
    if len(code) != 3 or not code.isascii() or not code.isalpha() or not code.isupper():
        raise ValueError(f"{code!r} is not a currency code. Write its three capital letters, for example EUR.")


def minor_digits(code: str) -> int:
    """Decimals of the smallest coin: 2 for EUR, 0 for JPY, 3 for KWD."""
    return _DIGITS.get(code, 2)


def minor_units(amount: Decimal, code: str) -> int:
    """The amount in the smallest coin, rounded half away from zero; what is booked on accounts."""
    return int(amount.scaleb(minor_digits(code)).to_integral_value(rounding=ROUND_HALF_UP))


def money_text(amount: Decimal, code: str | None, *, decimals: int | None = None, decimal_sign: str = ".") -> str:
    """An amount for a page: `€0.28`, `CHF 0.28`, `0.28` without a currency.

    At least the currency's own decimals are written, and more only as far as the amount has them (`€0.0125`), so
    that a page of small prices shows what is charged; `decimals` asks for a fixed number, as statistics do with four.
    """
    fewest = 2 if code is None else minor_digits(code)
    if decimals is None:
        decimals = max(fewest, -int(amount.normalize().as_tuple().exponent))
    rounded = amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    sign = "-" if rounded < 0 else ""
    digits = f"{abs(rounded):f}".replace(".", decimal_sign)
    if code is None:
        return f"{sign}{digits}"
    return f"{sign}{_SYMBOLS[code]}{digits}" if code in _SYMBOLS else f"{sign}{code} {digits}"
