"""Prices in the database: exact on every one of them.

SQLite keeps a decimal as a floating-point number, whose sums drift. So a price is stored as a whole number of
hundred-millionths (a unit price has at most eight decimals), and adding in the database is exact.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models

DECIMALS = 8
PRICE_MAX = Decimal(92_000_000_000)  # what a signed 64-bit number of such parts can hold
_PART = Decimal(1).scaleb(-DECIMALS)


class PriceField(models.BigIntegerField):  # type: ignore[type-arg]  # generic in the stubs alone
    """An amount from 0 upwards as Decimal; in the database a number of hundred-millionths. Sums of it are exact."""

    description = "Price"

    def from_db_value(self, value: Any, _expression: object, _connection: object) -> Decimal | None:
        """The stored number as an amount. PostgreSQL gives sums of it as Decimal, hence int()."""
        return None if value is None else Decimal(int(value)) * _PART

    def to_python(self, value: Any) -> Decimal | None:
        """An amount from text, a number or an amount."""
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Any) -> int | None:
        """The amount as it is stored."""
        if value is None:
            return None
        return int((Decimal(value) / _PART).to_integral_value(rounding=ROUND_HALF_UP))


def storable(amount: Decimal) -> Decimal:
    """The amount, or the largest that a record can hold: a bill beyond belief must not stop a delivery's end."""
    return min(amount, PRICE_MAX)
