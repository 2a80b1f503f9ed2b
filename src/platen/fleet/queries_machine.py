"""What the page of one machine shows beside its history: what it said last, where each value came from, its gaps."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from platen.fleet.models import Alert, Machine, MeterReading, MonthMeters, Supply, SupplyEvent, Survey
from platen.policy.fleet.month_days import DayMeters, MonthDays
from platen.policy.fleet.rollups import month_of
from platen.readings.facts import Reading, Status
from platen.readings.kept import reading_from_json, status_from_json

RAW_MAX = 5_000
NOTES_MAX = 20


@dataclass(frozen=True, slots=True)
class Surveyed:
    """The last time that a machine was asked everything. raw: object or attribute to its value as answered."""

    at: datetime | None = None
    reading: Reading = Reading()
    meter_sources: Mapping[str, str] = field(default_factory=dict)
    raw: tuple[tuple[str, str], ...] = ()


def surveyed(machine: Machine) -> Surveyed:
    """What it answered then; nothing where it was never asked, or by a version that kept it otherwise."""
    survey: Survey | None = Survey.objects.filter(machine=machine).first()
    if survey is None:
        return Surveyed()
    try:
        stored = _unpacked(survey.reading)
        reading = Reading() if stored is None else reading_from_json(stored)
    except ValueError:
        reading = Reading()
    try:
        raw = _unpacked(survey.raw) or {}
    except ValueError:
        raw = {}
    rows = sorted(((str(name), str(value)) for name, value in raw.items()), key=lambda row: _natural(row[0]))
    return Surveyed(survey.at, reading, dict(survey.meter_sources), tuple(rows[:RAW_MAX]))


def status_of(machine: Machine) -> Status | None:
    """The status that it told last."""
    try:
        return status_from_json(machine.latest[0]) if machine.latest else None
    except (ValueError, TypeError, IndexError, KeyError, AttributeError):
        return None


def supplies_in(machine: Machine) -> list[Supply]:
    """Its supplies, in their order."""
    return list(Supply.objects.filter(machine=machine).order_by("key"))


def changes_of_supplies(machine: Machine, limit: int = NOTES_MAX) -> list[SupplyEvent]:
    """Supplies that were replaced, taken out early or gone, newest first."""
    events = SupplyEvent.objects.filter(machine=machine).exclude(kind="level")
    return list(events.order_by("-at", "-id")[:limit])


def past_alerts(machine: Machine, limit: int = NOTES_MAX) -> list[Alert]:
    """What it reported and is over, newest first."""
    return list(Alert.objects.filter(machine=machine, cleared_at__isnull=False).order_by("-began_at", "-id")[:limit])


def doubtful_readings(machine: Machine, limit: int = NOTES_MAX) -> list[MeterReading]:
    """Readings that were not believed, newest first, with why."""
    # All of these are kept whole, as few others are: looking for them goes by that.
    readings = MeterReading.objects.filter(machine=machine, raw__isnull=False).exclude(suspicion="").defer("raw")
    return list(readings.order_by("-at", "-id")[:limit])


def gaps_of(machine: Machine, first: date, limit: int = NOTES_MAX) -> list[DayMeters]:
    """Days since `first` of which something is to be known, newest first."""
    # What is to be known of a day is said of its month as well, so that only few are opened.
    months = MonthMeters.objects.filter(machine=machine, day__gte=month_of(first)).exclude(gap="").order_by("-day")
    kept = months.values_list("day", "days")[:limit]
    days = [day for month, text in kept for day in reversed(list(MonthDays(text).of(month)))]
    return [day for day in days if day.gap and day.day >= first][:limit]


def _unpacked(stored: bytes | memoryview | None) -> Any:
    """Raises: ValueError."""
    if not stored:
        return None
    try:
        return json.loads(zlib.decompress(bytes(stored)))
    except zlib.error as error:
        raise ValueError("This was not stored by this version.") from error


def _natural(name: str) -> tuple[Any, ...]:
    """Object identifiers in the order of their numbers, names after them."""
    parts = name.split(".")
    if all(part.isdigit() for part in parts if part):
        return (0, tuple(int(part) for part in parts if part), "")
    return (1, (), name)
