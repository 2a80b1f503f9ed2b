"""Every component in every state: the reference for who builds a page, and the visual test."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from platen.console.charts import columns, pages_series
from platen.console.forms.base import ConsoleForm
from platen.console.guard import needs
from platen.console.machine_cells import supplies_html
from platen.console.machine_columns import Row
from platen.console.machine_view import drawn
from platen.console.usage_chart import day_data
from platen.fleet.models import Machine, Supply
from platen.fleet.queries_places import Condition
from platen.tracking.rollups import UsageSum
from platen.tracking.usage_lists import DaySum

FIRST_DAY = date(2026, 11, 1)
# Sundays and Saturdays are low, as in life; the last days have not come yet.
PAGES = (617, 14216, 15309, 13582, 12977, 9505, 1181, 591, 14151, 15434, 16319, 15325, 9660, 1154)
STATES = (
    ("s-ok", "ok", "Ready"),
    ("s-busy", "busy", "Printing"),
    ("s-attn", "attention", "Paper tray is empty"),
    ("s-fail", "failing", "Not answering"),
    ("s-unknown", "unknown", "No owner"),
    ("s-held", "at rest", "Held"),
    ("s-wait", "in line", "Waiting"),
    ("s-off", "ended", "Canceled"),
)


SUPPLIES = (
    Supply(
        kind="toner", color="cyan", state="level", percent=9, days_left=3, days_confidence=0.9, part_number="HT-458C"
    ),
    Supply(kind="toner", color="black", state="level", percent=71, days_left=44, days_confidence=0.5),
    Supply(kind="opc", state="level", percent=62, description="Drum"),
    Supply(kind="waste-toner", state="level", percent=48, receptacle=True),
    Supply(kind="staples", state="some", description="Staples"),
)


class SampleForm(ConsoleForm):
    """One field of each kind."""

    name = forms.CharField(label="Name")
    address = forms.CharField(label="Address", help_text="An IP address or a host name.")
    site = forms.ChoiceField(label="Kind", choices=[("a", "Pull"), ("b", "Push")])
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    hold = forms.BooleanField(label="Hold at night", required=False, help_text="From 22:00 to 6:00.")
    ways = forms.MultipleChoiceField(
        label="Ways to log in", choices=[("c", "Card"), ("p", "PIN")], widget=forms.CheckboxSelectMultiple
    )
    age = forms.ChoiceField(
        label="When a document is too old", choices=[("d", "Delete it"), ("k", "Keep it")], widget=forms.RadioSelect
    )


@needs()
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """The page."""
    form = SampleForm({"name": "lib-1f-mfp1", "address": "10.20.4.311", "site": "a", "ways": ["c"], "age": "d"})
    form.add_error("address", "10.20.4.311 is not an address: the last part goes to 255. Did you mean 10.20.4.31?")
    days = [
        DaySum(FIRST_DAY + timedelta(days=at), UsageSum(records=1, pages=pages, color_pages=pages * 3 // 10))
        for at, pages in enumerate(PAGES)
    ]
    drawing = columns(
        day_data(days),
        pages_series(),
        caption="Pages a day",
        sentence="Pages a day in November",
        summary="13,900 on a working day",
        with_values=True,
    )
    nothing = columns((), pages_series(), caption="Pages a day", sentence="Nothing", empty_text="No pages yet.")
    fleet = [drawn(each) for each in SUPPLIES]
    context = {"states": STATES, "form": form, "chart": drawing, "nothing": nothing, "supplies": fleet}
    row = Row(Machine(), list(SUPPLIES))
    context |= {
        "levels": supplies_html(row, row.first_out),
        "condition": Condition(26, 2, 3, 1),
        "machine": Machine(),
    }
    return render(request, "console/components.html", context)
