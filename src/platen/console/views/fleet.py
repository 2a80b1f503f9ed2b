"""The fleet at a glance: how it is, what runs out, who prints most and least, what it costs, who is silent."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from platen.access.rights import Right, allowed
from platen.console.charts import ColumnChart, Datum, columns, pages_series
from platen.console.guard import needs, person
from platen.console.list_address import csv_row
from platen.console.machine_view import drawn
from platen.console.views.machine_list import machine_rows
from platen.fleet.adopting import adopt_newest
from platen.fleet.history import fleet_days, top_machines
from platen.fleet.lists import power_counts, severity_counts
from platen.fleet.models import Power
from platen.fleet.queries_places import condition_by
from platen.fleet.queries_rows import first_to_end, regions_by_name, silent_machines
from platen.tracking.usage_lists import sums_of, today

SHOWN = 8
DAYS = 30
SOON_DAYS = 14


@needs(Right.SEE_DEVICES)
@require_safe
def fleet(request: HttpRequest) -> HttpResponse:
    """The dashboard."""
    now = timezone.now()
    adopt_newest(now)
    day = today(now)
    powers, severities = power_counts(), severity_counts()
    total = sum(powers.values())
    silent = powers.get(Power.SILENT, 0) + powers.get(Power.CONFLICT, 0)
    regions = regions_by_name()
    conditions = condition_by("region", [each.pk for each in regions])
    due = first_to_end(SOON_DAYS, SHOWN)
    context: dict[str, object] = {
        "total": total,
        "silent": silent,
        "severities": severities,
        "strip": _strip(total, silent, severities.service + severities.error, severities.warning),
        "states": _states(powers),
        "due": [drawn(each) for each in due],
        "orders": sum(each.order_by is not None and each.order_by <= day for each in due),
        "chart": _chart(day),
        "most": top_machines(day, SHOWN),
        "fewest": top_machines(day, SHOWN, fewest=True),
        "month": date_format(day, "F"),
        "rows": machine_rows(silent_machines(SHOWN)),
        "silent_query": urlencode({"c": f"power,is,{Power.SILENT.value},{Power.CONFLICT.value}"}),
        "regions": [(each, conditions[each.pk], _of_region(each.name)) for each in regions[:20]],
    }
    if allowed(person(request), Right.SEE_USAGE):
        context["sums"] = sums_of(day.replace(day=1), day)
    return render(request, "console/fleet/fleet.html", context)


def _of_region(name: str) -> str:
    return f"{reverse('console:devices')}?{urlencode({'c': csv_row(['region', 'equals', name])})}"


def _states(powers: dict[str, int]) -> list[tuple[str, int, str]]:
    return [
        (str(label), powers[value], urlencode({"c": f"power,is,{value}"}))
        for value, label in Power.choices
        if powers.get(value)
    ]


def _strip(total: int, silent: int, failing: int, warning: int) -> list[tuple[str, float, float]]:
    """The fleet as one bar: class, start and width of each part in percent."""
    well = max(0, total - silent - failing - warning)
    strip, at = [], 0.0
    for css_class, number in (("f5", well), ("f-attn", warning), ("f-fail", failing), ("f3", silent)):
        width = 100 * number / total if total else 0
        if width:
            strip.append((css_class, round(at, 2), round(max(width - 0.3, 0.3), 2)))
        at += width
    return strip


def _chart(last: date) -> ColumnChart:
    first = last - timedelta(days=DAYS - 1)
    known = fleet_days(first, last)
    data = []
    for number in range(DAYS):
        each = first + timedelta(days=number)
        pages, color = known.get(each, (0, 0))
        name = date_format(each, "D j M")
        words = {"day": name, "pages": f"{pages:,}", "color": f"{color:,}"}
        tip = _("%(day)s: %(pages)s pages, %(color)s in colour") % words
        label = str(each.day) if number % 4 == 1 else ""
        data.append(
            Datum(name=name, label=label, tip=tip, values=(max(0, pages - color), color) if each in known else None)
        )
    return columns(
        data,
        pages_series(),
        caption=_("Pages a day as the machines count"),
        sentence=_("Pages of the whole fleet a day"),
        empty_text=_("Nothing counted yet. Values come with the second reading of each machine."),
        height=168,
        with_values=True,
    )
