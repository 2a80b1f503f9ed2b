"""Sums that are kept while usage records are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F

from platen.policy.usage_enums import TrackingState
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
    added = {name: F(name) + getattr(more, name) for name in _COUNTS if getattr(more, name)}
    # In parts, as the column holds them: the database adds whole numbers, so nothing is lost.
    parts = model._meta.get_field("price")
    added |= {name: F(name) + parts.get_prep_value(getattr(more, name)) for name in _PRICES if getattr(more, name)}
    if not added:
        return
    if not model.objects.filter(**row).update(**added):
        model.objects.get_or_create(**row)
        model.objects.filter(**row).update(**added)
