"""Usage: sums, a chart, the records behind them, and their export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from platen.access.rights import Right, may_see_document_names
from platen.console.charts import ColumnChart, columns, pages_series
from platen.console.guard import actor, needs, person, policy_of
from platen.console.lookup import found, uuid_in
from platen.console.usage_chart import day_data
from platen.devices.models import Device
from platen.devices.queries import device_by_uuid
from platen.directory.models import User
from platen.directory.queries import user_by_uuid
from platen.streamed import text_response
from platen.tracking.errors import InvalidQuery
from platen.tracking.export import export_csv, export_xml
from platen.tracking.export_columns import COLUMNS
from platen.tracking.records import usage_by_id
from platen.tracking.rollups import UsageSum
from platen.tracking.usage_lists import (
    YEAR_MAX,
    YEAR_MIN,
    TopEntry,
    UsageFilter,
    by_day,
    page_of_usage,
    sums_of,
    today,
    top_devices,
    top_people,
)

DAYS = 30
CHART_DAYS_MAX = 366
TOP = 8


@dataclass(frozen=True, slots=True)
class Period:
    """What is looked at: days, both included, of everybody, one person, or one device."""

    first: date
    last: date
    user: User | None
    device: Device | None

    @property
    def which(self) -> UsageFilter:
        """The same for the records."""
        return UsageFilter(
            from_day=self.first,
            to_day=self.last,
            user_id=self.user.id if self.user else None,
            device_id=self.device.id if self.device else None,
        )

    @property
    def of(self) -> dict[str, int]:
        """The same for the sums, which are kept by device or by person."""
        if self.user:
            return {"user_id": self.user.id}
        return {"device_id": self.device.id} if self.device else {}


@needs(Right.SEE_USAGE)
@require_safe
def usage(request: HttpRequest) -> HttpResponse:
    """What came out in a period, and what it cost."""
    period = _period(request)
    try:
        page = page_of_usage(period.which, request.GET.get("after") or None)
    except InvalidQuery as error:
        messages.error(request, str(error))
        page = page_of_usage(period.which)
    names = may_see_document_names(person(request), policy_of(request))
    context = {
        "period": period,
        "page": page,
        "after": request.GET.get("after", ""),
        "sees_names": names,
        "sums": sums_of(period.first, period.last, **period.of),
        "chart": _chart(period),
        "devices": [] if period.of else _ranked(top_devices(period.first, period.last, limit=TOP)),
        "people": [] if period.of else _ranked(top_people(period.first, period.last, limit=TOP)),
        "quick": _quick(),
    }
    return render(request, "console/usage/usage.html", context)


@needs(Right.SEE_USAGE, Right.EXPORT)
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The records of the page's period, all fields, as CSV or XML. The export is audited.

    Document names are there only for those who may see them.
    """
    period = _period(request)
    names = may_see_document_names(person(request), policy_of(request))
    as_xml = request.GET.get("format") == "xml"
    write = export_xml if as_xml else export_csv
    pieces = write(period.which, by=actor(request), names=names)
    name = f"usage-{period.first.isoformat()}-{period.last.isoformat()}.{'xml' if as_xml else 'csv'}"
    return text_response(request, pieces, name)


@needs(Right.SEE_USAGE)
@require_safe
def record(request: HttpRequest, record_id: int) -> HttpResponse:
    """One record with all its fields, and how its price came about."""
    the_record = found(usage_by_id(record_id))
    names = may_see_document_names(person(request), policy_of(request))
    hidden = set() if names else {"JobName"}
    fields = [(name, _("(hidden)") if name in hidden else read(the_record)) for name, read in COLUMNS]
    return render(request, "console/usage/record.html", {"record": the_record, "fields": fields, "sees_names": names})


def _chart(period: Period) -> ColumnChart | None:
    days = (period.last - period.first).days + 1
    if days > CHART_DAYS_MAX:
        return None
    address = f"{reverse('console:usage')}?from={{day}}&to={{day}}"
    data = day_data(by_day(period.first, period.last, **period.of), address=address if not period.of else "")
    return columns(
        data,
        pages_series(),
        caption=_("Pages a day"),
        sentence=_("Pages a day, black and white and colour"),
        caption_hidden=True,
        height=212,
        with_values=True,
        empty_text=_("Nothing was printed in this period."),
    )


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a ranking; `share` of the first, in percent."""

    id: int
    name: str
    sums: UsageSum
    share: float


def _ranked(entries: Sequence[TopEntry]) -> list[Ranked]:
    most = max((entry.sums.pages for entry in entries), default=0) or 1
    return [Ranked(e.id, e.name or _("gone"), e.sums, round(100 * e.sums.pages / most, 2)) for e in entries]


def _quick() -> list[tuple[str, date, date]]:
    now = today(timezone.now())
    month = now.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    return [
        (_("Today"), now, now),
        (_("30 days"), now - timedelta(days=DAYS - 1), now),
        (date_format(month, "F"), month, now),
        (date_format(before, "F"), before, month - timedelta(days=1)),
        (_("12 months"), now - timedelta(days=364), now),
    ]


def _period(request: HttpRequest) -> Period:
    now = today(timezone.now())
    first = _day(request.GET.get("from", "")) or now - timedelta(days=DAYS - 1)
    last = _day(request.GET.get("to", "")) or now
    user = uuid_in(request.GET.get("person", ""))
    device = uuid_in(request.GET.get("device", ""))
    first, last = min(first, last), max(first, last)
    return Period(
        max(first, last - timedelta(days=3660)),
        last,
        found(user_by_uuid(user)) if user else None,
        found(device_by_uuid(device)) if device else None,
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if YEAR_MIN <= day.year <= YEAR_MAX else None
