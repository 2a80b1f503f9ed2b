"""Sums that are kept while usage records are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection

from platen.policy.usage_enums import TrackingState
from platen.tenants.context import current_tenant_id
from platen.tracking.models import UsageDay, UsagePersonDay, UsageRecord

_COUNTS = ("records", "interrupted", "pages", "color_pages", "sheets")
_PRICES = ("price", "price2")


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageSum:
    """Sums over some usage records."""

    records: int = 0
    interrupted: int = 0
    pages: int = 0
    color_pages: int = 0
    sheets: int = 0
    price: Decimal = Decimal(0)
    price2: Decimal = Decimal(0)

    def __sub__(self, other: UsageSum) -> UsageSum:
        return UsageSum(**{name: getattr(self, name) - getattr(other, name) for name in (*_COUNTS, *_PRICES)})


def sum_of(record: UsageRecord) -> UsageSum:
    """What one record adds."""
    return UsageSum(
        records=1,
        interrupted=int(record.tracking_state == TrackingState.INTERRUPTED),
        pages=record.tracking_page_count,
        color_pages=record.tracking_color_page_count,
        sheets=record.job_sheet_count,
        price=record.job_price,
        price2=record.job_price2,
    )


def add_to_day(day: date, record: UsageRecord, more: UsageSum) -> None:
    """Add to the sums of the record's device and person, in the transaction that writes the record.

    Always device first, then person, so that two of them never wait for each other.
    """
    if record.device_id is not None:
        _add(UsageDay, {"day": day, "device_id": record.device_id}, more)
    if record.user_id is not None:
        _add(UsagePersonDay, {"day": day, "user_id": record.user_id}, more)


def _add(model: type[UsageDay | UsagePersonDay], row: dict[str, Any], more: UsageSum) -> None:
    # Prices in parts, as the column holds them: the database adds whole numbers, so nothing is lost.
    parts = model._meta.get_field("price")
    prices = [parts.get_prep_value(getattr(more, name)) for name in _PRICES]
    values = [*(getattr(more, name) for name in _COUNTS), *prices]
    if not any(values):
        return
    of = [value for name, value in row.items() if name != "day"]
    key = [current_tenant_id(), connection.ops.adapt_datefield_value(row["day"]), *of]
    more_to_it, make_it = _statements(model)
    with connection.cursor() as cursor:
        cursor.execute(more_to_it, [*values, *key])
        if not cursor.rowcount:
            cursor.execute(make_it, [*key, *[0] * len(values)])  # unless somebody else has just done so
            cursor.execute(more_to_it, [*values, *key])


@cache
def _statements(model: type[UsageDay | UsagePersonDay]) -> tuple[str, str]:
    """What adds to a row, and what makes it with nothing. Written out: every delivery ends with them."""
    sums = (*_COUNTS, *_PRICES)
    key = ("tenant_id", "day", "device_id" if model is UsageDay else "user_id")
    table = model._meta.db_table
    return (
        f"UPDATE {table} SET {', '.join(f'{name} = {name} + %s' for name in sums)} "  # noqa: S608  # our own names
        f"WHERE {' AND '.join(f'{name} = %s' for name in key)}",
        f"INSERT INTO {table} ({', '.join((*key, *sums))}) "  # noqa: S608  # our own names
        f"VALUES ({', '.join(['%s'] * (len(key) + len(sums)))}) ON CONFLICT DO NOTHING",
    )
