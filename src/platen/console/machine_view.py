"""What the page of a device shows of its machine: drawn supplies, meters over time, alerts, gaps, tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from platen.console.charts import ColumnChart, Datum, columns, pages_series
from platen.console.equipment_words import finishers_shown, outputs_shown, ports_shown
from platen.console.machine_words import certainty, supply_fill, supply_left, supply_name, supply_shown
from platen.fleet.collectors import collector_by_name
from platen.fleet.doubles import doubles_of
from platen.fleet.due import is_read_now
from platen.fleet.equipment import equipment_of
from platen.fleet.errors import InvalidValue
from platen.fleet.history import days_of, months_of, open_alerts
from platen.fleet.meters_at import meters_at, place_of
from platen.fleet.models import Machine, Supply
from platen.fleet.queries_machine import (
    changes_of_supplies,
    doubtful_readings,
    gaps_of,
    past_alerts,
    status_of,
    supplies_in,
)
from platen.policy.fleet.rollups import day_of, month_of
from platen.policy.job_states import Shown
from platen.tasks.queries_results import results_of_device, runs_to_open

DAYS, MONTHS, MONTHS_MAX = 30, 12, 120
PERIODS = (("days", noop("30 days")), ("months", noop("12 months")), ("all", noop("All")))
TUBE_TOP, TUBE_HEIGHT = 16, 80


@dataclass(frozen=True, slots=True)
class DrawnSupply:
    """A supply as it sits in the machine."""

    supply: Supply
    name: str
    left: str
    shown: Shown
    certainty: str
    css_class: str
    y: float
    height: float

    @property
    def is_bottle(self) -> bool:
        """Toner and ink are drawn as what they come in; the rest as a drum, receptacles as a box."""
        return self.supply.kind in {"toner", "ink", "toner-cartridge", "ink-cartridge"}


@dataclass(frozen=True, slots=True)
class MeterRow:
    """One meter in words."""

    name: str
    value: int
    source: str = ""


_WORK = {
    "total": noop("All"),
    "print": noop("Printed"),
    "copy": noop("Copied"),
    "fax": noop("Faxes received"),
    "list": noop("Reports of its own"),
    "scan": noop("Scanned"),
    "scan-copy": noop("Scanned for copies"),
    "scan-send": noop("Scanned and sent"),
    "fax-sent": noop("Faxes sent"),
    "sheets": noop("Sheets"),
    "duplex": noop("Sheets on both sides"),
    "feed": noop("Through the feeder"),
}
_PARTS = {
    "mono": noop("black and white"),
    "color": noop("in colour"),
    "full-color": noop("full colour"),
    "two-color": noop("two colours"),
    "single-color": noop("one colour"),
    "large": noop("large"),
    "small": noop("small"),
}


def machine_context(machine: Machine, period: str, at: str) -> dict[str, object]:
    """Everything of a machine that its device's page shows.

    period: of PERIODS; at: a past moment as a form writes it, or nothing.
    """
    period = period if period in {name for name, _label in PERIODS} else "days"
    supplies = [drawn(each) for each in supplies_in(machine) if each.state != "missing"]
    today = day_of(timezone.now(), place_of(machine))
    results = results_of_device(machine.pk, 8)
    equipment = equipment_of(machine)
    return {
        "machine": machine,
        "doubles": doubles_of(machine),
        "is_read_now": is_read_now(machine, timezone.now()),
        "reader": collector_by_name(machine.collector) if machine.collector else None,
        "status": status_of(machine),
        "supplies": supplies,
        "has_forecast": any(each.supply.days_left is not None for each in supplies),
        "supply_changes": changes_of_supplies(machine),
        "meters_chart": meters_chart(machine, period, today),
        "periods": [(name, _(label), name == period) for name, label in PERIODS],
        "period": period,
        "meters": meter_rows(machine.meters),
        "share": round(100 * machine.pages_color / machine.pages) if machine.pages and machine.pages_color else None,
        "alerts": open_alerts(machine),
        "past_alerts": past_alerts(machine),
        "doubtful": doubtful_readings(machine),
        "gaps": gaps_of(machine, today - timedelta(days=400)),
        "results": results,
        "runs_to_open": runs_to_open(each.run for each in results),
        "asked_at": at[:40],
        **_then(machine, at),
        "trays": equipment.inputs,
        "outputs": outputs_shown(equipment),
        "finishers": finishers_shown(equipment),
        "ports": ports_shown(equipment),
    }


def drawn(supply: Supply) -> DrawnSupply:
    """A supply with what its drawing needs."""
    percent = supply.percent if supply.percent is not None else 0 if supply.state == "empty" else None
    full = 0 if percent is None else 100 - percent if supply.receptacle else percent
    height = round(TUBE_HEIGHT * full / 100, 1)
    return DrawnSupply(
        supply=supply,
        name=supply_name(supply),
        left=supply_left(supply),
        shown=supply_shown(supply),
        certainty=certainty(supply),
        css_class=supply_fill(supply),
        y=round(TUBE_TOP + TUBE_HEIGHT - height, 1),
        height=height,
    )


def meter_rows(values: dict[str, int], sources: dict[str, str] | None = None) -> list[MeterRow]:
    """Meters in the order in which people look for them."""
    order = {name: number for number, name in enumerate(_WORK)}
    names = sorted(values, key=lambda name: (order.get(name.partition(".")[0], 99), name))
    return [MeterRow(meter_name(name), values[name], (sources or {}).get(name, "")) for name in names]


def meter_name(name: str) -> str:
    """A meter's name as a person reads it: Printed, in colour, large."""
    work, *parts = name.split(".")
    words = [_(_WORK[work]) if work in _WORK else work]
    return ", ".join([*words, *(_(_PARTS[part]) if part in _PARTS else part for part in parts)])


def meters_chart(machine: Machine, period: str, today: date) -> ColumnChart:
    """Pages a day or a month; what was not read is a gap."""
    by_days = period == "days"
    data = _days(machine, today) if by_days else _months(machine, today, MONTHS if period == "months" else MONTHS_MAX)
    return columns(
        data,
        pages_series(),
        caption=_("Pages a day as the machine counts") if by_days else _("Pages a month as the machine counts"),
        sentence=_("Pages that %(device)s counted") % {"device": machine.device.name},
        caption_hidden=True,
        empty_text=_("Nothing counted yet. The first value comes with the second reading."),
        key_title=_("Day") if by_days else _("Month"),
        height=184,
        with_values=True,
    )


def _days(machine: Machine, today: date) -> list[Datum]:
    first = today - timedelta(days=DAYS - 1)
    known = {each.day: each for each in days_of(machine, first, today)}
    data = []
    for number in range(DAYS):
        day = first + timedelta(days=number)
        found = known.get(day)
        label = str(day.day) if number % 4 == 1 else ""
        data.append(
            _datum(date_format(day, "D j M"), label, found.pages if found else None, found.color if found else 0)
        )
    return data


def _months(machine: Machine, today: date, limit: int) -> list[Datum]:
    known = {each.day: each for each in months_of(machine, limit)}
    if limit > MONTHS:
        first = min(known, default=month_of(today))
        limit = max(MONTHS, (today.year - first.year) * 12 + today.month - first.month + 1)
    every = max(1, limit // 12)
    data = []
    for back in reversed(range(limit)):
        year, number = divmod(today.year * 12 + today.month - 1 - back, 12)
        month = date(year, number + 1, 1)
        found = known.get(month)
        label = date_format(month, "M") if back % every == 0 else ""
        data.append(
            _datum(date_format(month, "M Y"), label, found.pages if found else None, found.color if found else 0)
        )
    return data


def _datum(name: str, label: str, pages: int | None, color: int) -> Datum:
    if pages is None:
        return Datum(name=name, label=label, tip=_("%(day)s: nothing counted") % {"day": name}, values=None)
    words = {"day": name, "pages": f"{pages:,}", "color": f"{color:,}"}
    tip = _("%(day)s: %(pages)s pages, %(color)s in colour") % words
    return Datum(name=name, label=label, tip=tip, values=(max(0, pages - color), color))


def _then(machine: Machine, at: str) -> dict[str, object]:
    """The meters at a moment that somebody typed, or why there are none."""
    if not at:
        return {"meters_then": None}
    try:
        moment = parse_datetime(at)
    except ValueError:
        moment = None
    if moment is None:
        return {"meters_then": None, "no_moment": _("This is no date and time. Choose them in the field.")}
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    try:
        then = meters_at(machine, moment)
    except (InvalidValue, OverflowError):
        return {"meters_then": None, "no_moment": _("That moment is still to come. Choose one that is past.")}
    return {"meters_then": (then, meter_rows(then.values), moment)}
