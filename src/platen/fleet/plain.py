"""What is known of machines as plain values, under the same names wherever programs get them: the API and the command
line. Moments and days stay what they are; whoever writes JSON writes them out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from platen.fleet.meters_at import moves_of
from platen.fleet.models import Alert, Machine, MonthMeters, Severity, Supply
from platen.fleet.queries_machine import Surveyed
from platen.policy.fleet.month_days import DayMeters

Row = dict[str, Any]

SEVERITIES: Mapping[int, str] = {each.value: each.name.lower() for each in Severity}
"""How bad it is, as conditions write it: none, warning, error, service."""
_SUPPLY = (
    *("key", "kind", "color", "state", "percent", "level", "capacity", "unit", "receptacle", "part_number", "serial"),
    *("pages_left", "installed_at", "installed_pages", "changed_at", "days_left", "days_confidence", "empty_on"),
    *("order_by", "source"),
)
_ALERT = ("code", "level", "training", "group", "group_index", "location", "began_at", "cleared_at", "source")


def supply_row(supply: Supply) -> Row:
    """A supply with its level, its forecast and when it was put in."""
    return {"supply": str(supply), **{name: getattr(supply, name) for name in _SUPPLY}}


def alert_row(alert: Alert) -> Row:
    """Something reported. location: a number that only the machine's own maker explains (prtAlertLocation)."""
    said = {name: getattr(alert, name) for name in _ALERT}
    return {"alert": str(alert), "severity": SEVERITIES[alert.severity], **said}


def meter_rows(machine: Machine, survey: Surveyed) -> list[Row]:
    """Every meter as last believed; what it counts and where it was read are those of the last survey."""
    units = {meter.name: meter.unit for meter in survey.reading.meters}
    return [
        {"meter": name, "value": value, "unit": units.get(name, ""), "source": survey.meter_sources.get(name, "")}
        for name, value in sorted(machine.meters.items())
    ]


def day_row(day: DayMeters) -> Row:
    """What a day came to."""
    return {"day": day.day, "pages": day.pages, "color": day.color, "moved": dict(day.moved), "gap": day.gap}


def month_row(month: MonthMeters) -> Row:
    """What a month came to; `day` is its first."""
    return {
        "day": month.day,
        "pages": month.pages,
        "color": month.color,
        "moved": moves_of(month),
        "at_end": month.at_end,
        "gap": month.gap,
    }
