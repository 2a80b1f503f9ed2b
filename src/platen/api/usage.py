"""Usage records, their sums and their export: /usage."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Field, Query, Router, Schema

from platen.access.rights import Right
from platen.api.bearer import actor, needs, sees_names
from platen.api.errors import Missing
from platen.api.lookup import device_of, user_of
from platen.api.usage_values import DaySums, Sums, TopSums, UsageInFull, records_shown, sums_shown, usage_shown
from platen.api.values import Page, Paging
from platen.policy.usage_enums import JobType, TrackingState
from platen.streamed import text_response
from platen.tracking.export import export_csv, export_xml
from platen.tracking.usage_lists import (
    TOP_MAX,
    UsageFilter,
    by_day,
    page_of_usage,
    sums_of,
    top_devices,
    top_people,
    usage_by_uuid,
)

router = Router()


class RecordsWanted(Schema):
    """Which records; days are the organisation's calendar's, both included."""

    from_day: date | None = None
    to_day: date | None = None
    user: UUID | None = None
    device: UUID | None = None
    job: UUID | None = None
    type: Literal["pull", "push", "copy", "fax", "scan", "email"] | None = None
    state: Literal["completed", "interrupted"] | None = None

    def which(self) -> UsageFilter:
        """As the reads take it. Raises: Missing for a person or device that is not here."""
        return UsageFilter(
            from_day=self.from_day,
            to_day=self.to_day,
            user_id=user_of(self.user).id if self.user else None,
            device_id=device_of(self.device).id if self.device else None,
            job_uuid=self.job,
            job_type=JobType[self.type.upper()] if self.type else None,
            state=TrackingState[self.state.upper()] if self.state else None,
        )


class PageWanted(RecordsWanted, Paging):
    """Which records, and which page of them."""


class ExportWanted(RecordsWanted):
    """Which records, and what of them."""

    label: str = Field("", description="At most 20 characters, noted in records that have no label yet.")
    fields: str = Field("", description="Names of the tracking format, separated by commas; empty: all of them.")

    def names(self) -> list[str]:
        """The fields that are wanted."""
        return [name for name in (part.strip() for part in self.fields.split(",")) if name]


class CsvWanted(ExportWanted):
    """Which records, what of them, and how it is written."""

    separator: Literal["comma", "semicolon", "tab"] = "comma"


class Period(Schema):
    """Days of the organisation's calendar, both included."""

    from_day: date
    to_day: date


class SumsWanted(Period):
    """Of everything, of one device, or of one person."""

    user: UUID | None = None
    device: UUID | None = None

    def of(self) -> dict[str, int | None]:
        """Whose sums."""
        return {
            "user_id": user_of(self.user).id if self.user else None,
            "device_id": device_of(self.device).id if self.device else None,
        }


class TopWanted(Period):
    """How many of the first."""

    limit: int = Field(10, ge=1, le=TOP_MAX)


_SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


@router.get("", response=Page[UsageInFull], auth=needs(Right.SEE_USAGE))
def list_records(request: HttpRequest, wanted: Query[PageWanted]) -> Page[UsageInFull]:
    """Usage records, newest first."""
    page = page_of_usage(wanted.which(), wanted.after, size=wanted.limit)
    return records_shown(page, sees_names=sees_names(request))


@router.get("/{uuid:key}", response=UsageInFull, auth=needs(Right.SEE_USAGE))
def show(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """One usage record."""
    record = usage_by_uuid(key)
    if record is None:
        raise Missing("There is no such usage record here.")
    return usage_shown(record, sees_names=sees_names(request))


@router.get("/sums", response=Sums, auth=needs(Right.SEE_USAGE))
def sums(request: HttpRequest, wanted: Query[SumsWanted]) -> dict[str, Any]:
    """What a period came to."""
    return sums_shown(sums_of(wanted.from_day, wanted.to_day, **wanted.of()))


@router.get("/days", response=list[DaySums], auth=needs(Right.SEE_USAGE))
def days(request: HttpRequest, wanted: Query[SumsWanted]) -> list[dict[str, Any]]:
    """What each day of a period came to."""
    return [sums_shown(each.sums, day=each.day) for each in by_day(wanted.from_day, wanted.to_day, **wanted.of())]


@router.get("/top-devices", response=list[TopSums], auth=needs(Right.SEE_USAGE))
def most_used_devices(request: HttpRequest, wanted: Query[TopWanted]) -> list[dict[str, Any]]:
    """The devices with most pages in a period."""
    top = top_devices(wanted.from_day, wanted.to_day, limit=wanted.limit)
    return [sums_shown(each.sums, name=each.name) for each in top]


@router.get("/top-people", response=list[TopSums], auth=needs(Right.SEE_USAGE))
def people_with_most(request: HttpRequest, wanted: Query[TopWanted]) -> list[dict[str, Any]]:
    """The people with most pages in a period."""
    top = top_people(wanted.from_day, wanted.to_day, limit=wanted.limit)
    return [sums_shown(each.sums, name=each.name) for each in top]


@router.get("/export.csv", auth=needs(Right.SEE_USAGE, Right.EXPORT))
def export(request: HttpRequest, wanted: Query[CsvWanted]) -> StreamingHttpResponse:
    """Usage records as CSV in the tracking format, oldest first, with document names only for those who see them."""
    pieces = export_csv(
        wanted.which(),
        by=actor(request),
        label=wanted.label,
        separator=_SEPARATORS[wanted.separator],
        names=sees_names(request),
        fields=wanted.names(),
    )
    return text_response(request, pieces, "usage.csv")


@router.get("/export.xml", auth=needs(Right.SEE_USAGE, Right.EXPORT))
def export_as_xml(request: HttpRequest, wanted: Query[ExportWanted]) -> StreamingHttpResponse:
    """The same as XML: an element for each record, in it an element for each field."""
    pieces = export_xml(
        wanted.which(), by=actor(request), label=wanted.label, names=sees_names(request), fields=wanted.names()
    )
    return text_response(request, pieces, "usage.xml")
