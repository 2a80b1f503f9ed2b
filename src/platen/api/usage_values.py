"""Usage as answers show it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema

from platen.api.values import Amount, Page
from platen.tracking.models import UsageRecord
from platen.tracking.rollups import UsageSum
from platen.tracking.usage_lists import UsagePage


class UsageShown(Schema):
    """A usage record. job_name: null where the asker may not see other people's document names."""

    uuid: UUID
    job_type: str
    tracking_state: str
    accounting_model: str
    started_at: datetime
    stopped_at: datetime
    tracking_page_count: int
    tracking_color_page_count: int
    parser_page_count: int
    page_count_status: str
    job_sheet_count: int
    job_page_format: str
    job_is_duplex: bool
    job_is_color: bool
    job_id: int | None
    job_uuid: UUID | None
    job_name: str | None
    job_submit_logon: str
    job_date: datetime | None
    job_size_bytes: int
    driver_name: str
    queue_name: str
    user_logon: str
    user_domain: str
    user_full_name: str
    user_cost_code: str
    device_name: str
    device_location: str
    device_model: str
    currency: str
    job_price: Amount
    export_label: str


class UsageInFull(UsageShown):
    """A record with what it truly cost and how its price came about."""

    job_price2: Amount
    scheme_name: str
    scheme2_name: str
    price_lines: list[dict[str, Any]]


class Sums(Schema):
    """Sums over usage records."""

    records: int
    interrupted: int
    pages: int
    color_pages: int
    sheets: int
    price: Amount
    price2: Amount


class DaySums(Sums):
    """Sums of a day of the organisation's calendar."""

    day: date


class TopSums(Sums):
    """Sums of one device or person."""

    name: str


def usage_shown(record: UsageRecord, *, sees_names: bool) -> dict[str, Any]:
    """A record, its document's name only for those who may see it."""
    plain = {name: getattr(record, name) for name in UsageInFull.model_fields}
    return plain if sees_names else plain | {"job_name": None}


def records_shown(page: UsagePage, *, sees_names: bool) -> Page[Any]:
    """A page of records."""
    return Page(items=[usage_shown(record, sees_names=sees_names) for record in page.records], next=page.next_key)


def sums_shown(sums: UsageSum, **more: object) -> dict[str, Any]:
    """Sums, with whose they are."""
    return {name: getattr(sums, name) for name in Sums.model_fields} | more
