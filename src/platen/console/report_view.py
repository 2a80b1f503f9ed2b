"""A report as a page shows it: a page of devices at a time, cells as texts, a picture of what was counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from platen.console.charts import ColumnChart, Datum, columns, pages_series
from platen.devices.models import Device
from platen.fleet.reports import Report, Wish, report
from platen.fleet.reports.scopes import machines_of
from platen.fleet.reports.usage import Line, is_large_sum
from platen.fleet.state_summaries import LARGE

PAGE_SIZE = 50
PAGES_MAX = 100_000
LINES_MAX = 1_000  # a device may have had ten thousand alerts


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. device: where it leads to."""

    text: str
    is_number: bool = False
    device: Device | None = None


@dataclass(frozen=True, slots=True)
class ShownReport:
    """A page of a report. too_large: so many devices that their sums are made for files alone. is_cut: these devices
    have more lines than a page shows."""

    heads: Sequence[tuple[str, bool]]
    rows: Sequence[Sequence[Cell]]
    number: int = 1
    has_more: bool = False
    too_large: bool = False
    chart: ColumnChart | None = None
    is_cut: bool = False


def shown_report(wish: Wish, number: int = 1) -> ShownReport:
    """A page of a report; what is summed up stands on one."""
    now = timezone.now()
    if wish.kind == "usage" and wish.by != "device":
        if is_large_sum(wish) and machines_of(wish, now)[: LARGE + 1].count() > LARGE:
            return ShownReport([], [], too_large=True)
        return _shown(report(wish, now=now), with_chart=wish.by == "counter")
    number = max(1, min(number, PAGES_MAX))
    start = (number - 1) * PAGE_SIZE
    ids = list(machines_of(wish, now).values_list("pk", flat=True)[start : start + PAGE_SIZE + 1])
    return _shown(report(wish, ids[:PAGE_SIZE], now=now), number, has_more=len(ids) > PAGE_SIZE)


def usage_of_device(device: Device, wish: Wish) -> ShownReport:
    """Every counter of one device, also where it is out of management."""
    return _shown(report(wish, [device.pk], also_removed=True), with_chart=True)


def _shown(table: Report, number: int = 1, *, has_more: bool = False, with_chart: bool = False) -> ShownReport:
    lines = list(islice(table.lines, LINES_MAX + 1))
    is_cut, lines = len(lines) > LINES_MAX, lines[:LINES_MAX]
    rows = [[_cell(column.value(line)) for column in table.columns] for line in lines]
    if table.columns[0].key == "name":
        for row, line in zip(rows, lines, strict=True):
            machine = table.machine(line)
            row[0] = Cell(row[0].text, device=machine.device if machine else None)
    numbers = [any(row[place].is_number for row in rows) for place in range(len(table.columns))]
    rows = [[replace(cell, is_number=number) for cell, number in zip(row, numbers, strict=True)] for row in rows]
    heads = list(zip(table.head, numbers, strict=True))
    chart = _chart(table, lines) if with_chart else None
    return ShownReport(heads, rows, number, has_more, chart=chart, is_cut=is_cut)


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return Cell(date_format(timezone.localtime(value), "Y-m-d H:i"))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Cell("–" if value in (None, "") else value.isoformat() if isinstance(value, date) else str(value))
    return Cell(f"{value:,}", is_number=True)


def _chart(table: Report, lines: Sequence[Line]) -> ColumnChart | None:
    """Pages, black and white and in colour, of each period."""
    by_name = {line.name: line for line in lines}
    titles = [column.title for column in table.columns if column.key.startswith("p") and column.fixed]
    if "total" not in by_name:
        return None
    total, color = by_name["total"].values, by_name["total.color"].values if "total.color" in by_name else []
    data = []
    for place, title in enumerate(titles):
        pages, colored = total[place], (color[place] if color else 0) or 0
        words = {"day": title, "pages": f"{pages or 0:,}", "color": f"{colored:,}"}
        tip = _("%(day)s: %(pages)s pages, %(color)s in colour") % words
        label = title[2:] if place % max(1, len(titles) // 8) == 0 else ""
        values = None if pages is None else (max(0, pages - colored), colored)
        data.append(Datum(name=title, label=label, tip=tip, values=values))
    return columns(
        data,
        pages_series(),
        caption=_("Pages of each period"),
        caption_hidden=True,
        sentence=_("Pages of each period, black and white and colour"),
        empty_text=_("Nothing was counted in this time."),
        height=168,
        with_values=True,
    )
