"""The overview: is printing working, what needs me, what does it cost, what happens now."""

from __future__ import annotations

import calendar
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from platen.access.rights import Right, allowed, may_see_document_names
from platen.console import needs_you
from platen.console.charts import columns, pages_series
from platen.console.guard import needs, person, policy_of
from platen.console.job_rows import job_rows
from platen.console.usage_chart import day_data
from platen.devices.device_lists import FleetState, fleet_state
from platen.printing.job_lists import JobView, count_of_view, latest_jobs
from platen.tracking.usage_lists import by_day, sums_of, today

FEED = 8


@needs()
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The first page; who has no rights goes to their own place."""
    user = person(request)
    if not allowed(user, Right.SEE_JOBS):
        own = "console:fleet" if allowed(user, Right.SEE_DEVICES) else "console:my-documents"
        return HttpResponseRedirect(reverse(own))
    if request.headers.get("HX-Target") == "feed":
        return render(request, "console/overview/feed.html", {"rows": _feed(request)})
    fleet = fleet_state()
    context: dict[str, object] = {
        "now": timezone.now(),
        "verdict": needs_you.verdict(fleet),
        "fleet": fleet,
        "strip": _strip(fleet),
        "held": count_of_view(JobView.HELD),
        "printing": count_of_view(JobView.PRINTING),
        "todo": needs_you.needs(fleet),
        "rows": _feed(request),
    }
    if allowed(user, Right.SEE_USAGE):
        context |= _month()
    if request.headers.get("HX-Target") == "state":
        return render(request, "console/overview/state.html", context)
    return render(request, "console/overview/overview.html", context)


def _feed(request: HttpRequest) -> list[object]:
    names = may_see_document_names(person(request), policy_of(request))
    return [*job_rows(latest_jobs(FEED), sees_names=names)]


def _month() -> dict[str, object]:
    day = today(timezone.now())
    first = day.replace(day=1)
    last = date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
    address = f"{reverse('console:usage')}?from={{day}}&to={{day}}"
    month = date_format(day, "F")
    drawing = columns(
        day_data(by_day(first, last), upto=day, address=address),
        pages_series(),
        caption=_("Pages a day"),
        sentence=_("Pages a day in %(month)s, black and white and colour") % {"month": month},
        empty_text=_("No pages yet this month."),
    )
    return {"month": month, "sums": sums_of(first, day), "today_sums": sums_of(day, day), "chart": drawing}


def _strip(fleet: FleetState) -> list[tuple[str, float, float]]:
    """The fleet as one bar: class, start and width of each part in percent."""
    parts = [("f5", fleet.ready), ("f-attn", fleet.attention), ("f-fail", fleet.down), ("f4", fleet.unknown)]
    strip, at = [], 0.0
    for css_class, number in parts:
        width = 100 * number / fleet.total if fleet.total else 0
        if width:
            strip.append((css_class, round(at, 2), round(max(width - 0.3, 0.3), 2)))
        at += width
    return strip
