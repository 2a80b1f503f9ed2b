"""Reads on usage: records page by page, and sums from the rows that are kept a day."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from platen.devices.models import Device
from platen.directory.models import User
from platen.policy.usage_enums import JobType, TrackingState
from platen.tenants.queries import current_policy
from platen.tracking.days import day_of, days_between, first_moment, zone_of
from platen.tracking.errors import InvalidQuery
from platen.tracking.models import UsageDay, UsagePersonDay, UsageRecord
from platen.tracking.rollups import UsageSum

PAGE_SIZE = 50
PAGE_SIZE_MAX = 200
TOP_MAX = 100
DAYS_MAX = 3660
_COUNTS = ("records", "interrupted", "pages", "color_pages", "sheets")
_PRICES = ("price", "price2")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageFilter:
    """Which records; None: any. Days are the tenant's calendar's, both included, by when the activity ended."""

    from_day: date | None = None
    to_day: date | None = None
    user_id: int | None = None
    device_id: int | None = None
    job_uuid: uuid.UUID | None = None
    job_type: JobType | None = None
    state: TrackingState | None = None


@dataclass(frozen=True, slots=True)
class UsagePage:
    """Some records, newest first; `next_key` continues after them, None at the end."""

    records: list[UsageRecord]
    next_key: str | None


@dataclass(frozen=True, slots=True)
class DaySum:
    """What one day came to."""

    day: date
    sums: UsageSum


@dataclass(frozen=True, slots=True)
class TopEntry:
    """A device or a person with what they printed; `name` is what it is called now, or was called last."""

    id: int
    name: str
    sums: UsageSum


EVERYTHING = UsageFilter()
YEAR_MIN, YEAR_MAX = 1900, 9000  # a day's beginning in UTC may lie in the year beside it


def page_of_usage(which: UsageFilter = EVERYTHING, after: str | None = None, *, size: int = PAGE_SIZE) -> UsagePage:
    """Records, newest first, paged by key: the last page costs what the first one does.

    after: `next_key` of the page before. Raises: InvalidQuery for a key that no page gave.
    """
    records = matching(which).order_by("-stopped_at", "-id")
    if after:
        stopped_at, record_id = _place(after)
        records = records.filter(stopped_at__lte=stopped_at).exclude(stopped_at=stopped_at, id__gte=record_id)
    size = min(size, PAGE_SIZE_MAX)
    found = list(records[: size + 1])
    if len(found) <= size:
        return UsagePage(found, None)
    last = found[size - 1]
    return UsagePage(found[:size], f"{(last.stopped_at - _EPOCH) // timedelta(microseconds=1)}-{last.id}")


def usage_by_uuid(record: str | uuid.UUID) -> UsageRecord | None:
    """One record by its public identifier."""
    found: UsageRecord | None = UsageRecord.objects.filter(uuid=record).first()
    return found


def usage_of_job(job: uuid.UUID) -> list[UsageRecord]:
    """What became of a job, oldest first: one record for each time it was printed."""
    return list(UsageRecord.objects.filter(job_uuid=job).order_by("id"))


def matching(which: UsageFilter) -> QuerySet[UsageRecord]:
    """The records that a filter lets through, in no order."""
    chosen = {
        "user_id": which.user_id,
        "device_id": which.device_id,
        "job_uuid": which.job_uuid,
        "job_type": which.job_type,
        "tracking_state": which.state,
    }
    records: QuerySet[UsageRecord] = UsageRecord.objects.filter(
        **{name: value for name, value in chosen.items() if value is not None}
    )
    if which.from_day is None and which.to_day is None:
        return records
    _check_period(which.from_day, which.to_day)
    zone = zone_of(current_policy())
    if which.from_day is not None:
        records = records.filter(stopped_at__gte=first_moment(which.from_day, zone))
    if which.to_day is not None:
        records = records.filter(stopped_at__lt=first_moment(which.to_day + timedelta(days=1), zone))
    return records


def today(now: datetime) -> date:
    """The day it is in the tenant's time zone."""
    return day_of(now, zone_of(current_policy()))


def sums_of(from_day: date, to_day: date, *, device_id: int | None = None, user_id: int | None = None) -> UsageSum:
    """What a period came to, both days included: of everything, of one device, or of one person.

    Raises: InvalidQuery for a device and a person at once, which no kept sum tells.
    """
    row = _rows(from_day, to_day, device_id, user_id).aggregate(**_totals())
    return _sum(row)


def by_day(from_day: date, to_day: date, *, device_id: int | None = None, user_id: int | None = None) -> list[DaySum]:
    """Each day of a period, also those on which nothing happened. Raises: InvalidQuery."""
    rows = _rows(from_day, to_day, device_id, user_id).order_by("day").values("day").annotate(**_totals())
    known = {row["day"]: _sum(row) for row in rows}
    return [DaySum(day, known.get(day, UsageSum())) for day in days_between(from_day, to_day)]


def top_devices(from_day: date, to_day: date, *, limit: int = 10) -> list[TopEntry]:
    """The devices with most pages in a period, most first."""
    _check_period(from_day, to_day)
    rows = _top(UsageDay.objects.filter(day__range=(from_day, to_day)), "device_id", limit)
    ids = [int(row["device_id"]) for row in rows]
    names = dict(Device.objects.filter(id__in=ids).values_list("id", "name"))
    return [
        TopEntry(each, names.get(each) or _last_name("device", each), _sum(row))
        for each, row in zip(ids, rows, strict=True)
    ]


def top_people(from_day: date, to_day: date, *, limit: int = 10) -> list[TopEntry]:
    """The people with most pages in a period, most first."""
    _check_period(from_day, to_day)
    rows = _top(UsagePersonDay.objects.filter(day__range=(from_day, to_day)), "user_id", limit)
    ids = [int(row["user_id"]) for row in rows]
    names = {user.id: str(user) for user in User.objects.filter(id__in=ids)}
    return [
        TopEntry(each, names.get(each) or _last_name("user", each), _sum(row))
        for each, row in zip(ids, rows, strict=True)
    ]


def _top(rows: QuerySet[UsageDay] | QuerySet[UsagePersonDay], key: str, limit: int) -> Sequence[dict[str, Any]]:
    return list(rows.values(key).annotate(**_totals()).order_by(F("total_pages").desc(), key)[: min(limit, TOP_MAX)])


def _last_name(kind: str, key: int) -> str:
    """What one that is gone was called in its last record."""
    column = "device_name" if kind == "device" else "user_logon"
    last = UsageRecord.objects.filter(**{f"{kind}_id": key}).order_by("-stopped_at", "-id")
    return last.values_list(column, flat=True).first() or ""


def _rows(
    from_day: date, to_day: date, device_id: int | None, user_id: int | None
) -> QuerySet[UsageDay] | QuerySet[UsagePersonDay]:
    _check_period(from_day, to_day)
    period = Q(day__range=(from_day, to_day))
    if user_id is None:
        of_device = Q() if device_id is None else Q(device_id=device_id)
        devices: QuerySet[UsageDay] = UsageDay.objects.filter(period & of_device)
        return devices
    if device_id is not None:
        raise InvalidQuery(_("Sums are kept by device and by person, not by both. Ask for one of them."))
    people: QuerySet[UsagePersonDay] = UsagePersonDay.objects.filter(period, user_id=user_id)
    return people


def _totals() -> dict[str, Sum]:
    return {f"total_{name}": Sum(name) for name in (*_COUNTS, *_PRICES)}


def _sum(row: Mapping[str, Any]) -> UsageSum:
    counts = {name: int(row[f"total_{name}"] or 0) for name in _COUNTS}
    price, price2 = (row[f"total_{name}"] or Decimal(0) for name in _PRICES)
    return UsageSum(**counts, price=price, price2=price2)


def _check_period(from_day: date | None, to_day: date | None) -> None:
    for day in (from_day, to_day):
        if day is not None and not YEAR_MIN <= day.year <= YEAR_MAX:
            raise InvalidQuery(_("Nothing was recorded in that year. Choose a day nearer to today."))
    if from_day is not None and to_day is not None:
        if from_day > to_day:
            raise InvalidQuery(_("The period ends before it begins. Choose a later end or an earlier start."))
        if (to_day - from_day).days > DAYS_MAX:
            raise InvalidQuery(_("A period has at most ten years. Choose a shorter one."))


def _place(after: str) -> tuple[datetime, int]:
    try:
        microseconds, record_id = (int(part) for part in after.split("-"))
        return _EPOCH + timedelta(microseconds=microseconds), record_id
    except (ValueError, OverflowError) as error:
        raise InvalidQuery(_("This page does not exist. Begin again with the first page.")) from error
