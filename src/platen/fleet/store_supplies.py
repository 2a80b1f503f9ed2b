"""Supplies of a batch of readings: only those that moved are written; what was replaced, is low or gone is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from platen.fleet.batch_sql import (
    Insert,
    Update,
    as_integer,
    as_json,
    as_moment,
    as_text,
    by_keys,
    from_moment,
)
from platen.fleet.events import Happening, Kind
from platen.fleet.known import Known
from platen.fleet.models import FleetSettings, Supply, SupplyEvent
from platen.policy.fleet.forecast import Change, change
from platen.readings import facts
from platen.readings.facts import SupplyState
from platen.tenants.context import current_tenant_id

SUPPLIES_MAX = 100
LOW_AGAIN = 5
"""Percent above the threshold from which on a supply can be low once more: levels flicker."""
MISSING = "missing"
_COLUMNS = (
    *("kind", "color", "description", "state", "percent", "level", "capacity", "unit", "receptacle"),
    *("part_number", "serial", "source", "pages_left"),
)
_KEPT = ("changed_at", "installed_at", "installed_pages", "low", "forecast_due")
_NEW = Insert(Supply, "tenant_id", "machine_id", "key", *_COLUMNS, *_KEPT)
_CHANGED = Update(Supply, *_COLUMNS, *_KEPT)
_GONE = Update(Supply, "state", "percent", "level")
_EVENT = Insert(SupplyEvent, "tenant_id", "machine_id", "key", "at", "kind", "percent", "pages", "detail")
_STORED = (
    f"SELECT machine_id, key, id, {', '.join((*_COLUMNS, *_KEPT))} "  # noqa: S608  # our own names
    "FROM fleet_supply WHERE machine_id IN ({keys})"
)


@dataclass(slots=True)
class _Stored:
    """A supply as it is stored. as_read: all that stands in its row, while nothing of it has changed."""

    as_read: tuple[Any, ...] = ()
    id: int | None = None
    kind: str = ""
    color: str = ""
    description: str = ""
    state: str = ""
    percent: int | None = None
    level: int | None = None
    capacity: int | None = None
    unit: str = ""
    receptacle: bool = False
    part_number: str = ""
    serial: str = ""
    source: str = ""
    pages_left: int | None = None
    changed_at: Any = None
    installed_at: Any = None
    installed_pages: int | None = None
    low: bool = False
    forecast_due: bool = False


@dataclass(slots=True)
class _Case:
    """One supply of one reading, and what is stored of it."""

    known: Known
    key: str
    supply: facts.Supply
    row: _Stored
    at: datetime

    @property
    def percent(self) -> int | None:
        """As it is stored."""
        return _percent(self.supply.percent)

    @property
    def said(self) -> dict[str, Any]:
        """Of events: what kind of supply it is, and its level before and now."""
        return {
            "before": self.row.percent,
            "after": self.percent,
            "kind": self.supply.kind,
            "color": self.supply.color,
            "description": as_text(self.supply.description, 255),
            "part_number": as_text(self.supply.part_number, 120),
        }


@dataclass(slots=True)
class SupplyBatch:
    """Takes the supplies of readings that say something else than what is stored, then writes them."""

    settings: FleetSettings
    happened: list[Happening]
    _taken: list[tuple[Known, tuple[facts.Supply, ...], datetime]] = field(default_factory=list)
    _new: list[tuple[Any, ...]] = field(default_factory=list)
    _changed: list[tuple[Any, ...]] = field(default_factory=list)
    _gone: list[tuple[Any, ...]] = field(default_factory=list)
    _events: list[tuple[Any, ...]] = field(default_factory=list)

    def take(self, known: Known, supplies: tuple[facts.Supply, ...], at: datetime) -> None:
        """Note what a reading said of a machine's supplies, all of them."""
        supplies = supplies[:SUPPLIES_MAX]
        known.supply_percent = min((each.percent for each in supplies if each.percent is not None), default=None)
        self._taken.append((known, supplies, at))

    def write(self) -> None:
        """Compare with what is stored, and write."""
        if not self._taken:
            return
        stored = _load({known.id for known, _, _ in self._taken})
        for known, supplies, at in self._taken:
            before = stored.get(known.id, {})
            said = {as_text(supply.key, 24): supply for supply in reversed(supplies)}
            for key, supply in said.items():
                self._one(_Case(known, key, supply, before.get(key) or _Stored(), at))
            for key in before.keys() - said.keys():
                self._missing(known, key, before[key], at)
        _NEW.write(self._new)
        _CHANGED.write(self._changed)
        _GONE.write(self._gone)
        _EVENT.write(self._events)

    def _one(self, case: _Case) -> None:
        row, percent = case.row, case.percent
        what = _change(case, self.settings.supply_early_percent)
        if what in {Change.REPLACED, Change.EARLY}:
            self._replaced(case, early=what is Change.EARLY)
        elif what is Change.LEVEL or (row.id is None and percent is not None):
            self._event(case, "level")
        if what is Change.LEVEL and row.id is not None:
            self.happened.append(Happening(Kind.SUPPLY_LEVEL, case.known.id, case.at, case.key, detail=case.said))
        if row.id is None:
            row.changed_at = case.at
        elif what is not Change.NONE:
            row.changed_at, row.forecast_due = case.at, percent is not None
        self._low(case)
        self._write_row(case)

    def _replaced(self, case: _Case, *, early: bool) -> None:
        row, pages = case.row, case.known.pages_now
        made = pages - row.installed_pages if pages is not None and row.installed_pages is not None else None
        detail = case.said | {
            "serial_before": row.serial,
            "serial_after": as_text(case.supply.serial, 120),
            "yield_pages": made if made is None or made >= 0 else None,
            "installed_at": as_moment(from_moment(row.installed_at)),
        }
        self._event(case, "early" if early else "replaced", detail)
        kind = Kind.SUPPLY_EARLY if early else Kind.SUPPLY_REPLACED
        sentence = _replaced_sentence(case, detail, early=early)
        self.happened.append(Happening(kind, case.known.id, case.at, case.key, sentence, detail))
        row.installed_at, row.installed_pages, row.low = case.at, pages, False

    def _low(self, case: _Case) -> None:
        threshold, percent, row = self.settings.supply_low_percent, case.percent, case.row
        is_low = case.supply.state in {SupplyState.LOW, SupplyState.EMPTY}
        is_low = is_low or (percent is not None and percent <= threshold)
        if is_low and not row.low:
            row.low = True
            self._event(case, "low")
            left = "" if percent is None else f" ({percent} %)"
            sentence = f"{case.known.device.name}: {_name(case.supply)} is low{left}."
            self.happened.append(Happening(Kind.SUPPLY_LOW, case.known.id, case.at, case.key, sentence, case.said))
        elif row.low and not is_low and (percent is None or percent >= threshold + LOW_AGAIN):
            row.low = False

    def _missing(self, known: Known, key: str, row: _Stored, at: datetime) -> None:
        if row.state == MISSING:
            return
        self._gone.append((MISSING, None, None, row.id))
        self._events.append((current_tenant_id(), known.id, key, as_moment(at), MISSING, None, known.pages_now, "{}"))
        name = row.description or f"{row.color} {row.kind}".strip()
        detail = {"before": row.percent, "kind": row.kind, "color": row.color, "description": row.description}
        sentence = f"{known.device.name} no longer reports its {name}."
        self.happened.append(Happening(Kind.SUPPLY_MISSING, known.id, at, key, sentence, detail))

    def _event(self, case: _Case, kind: str, detail: dict[str, Any] | None = None) -> None:
        at, pages = as_moment(case.at), case.known.pages_now
        row = (current_tenant_id(), case.known.id, case.key, at, kind, case.percent, pages, as_json(detail or {}))
        self._events.append(row)

    def _write_row(self, case: _Case) -> None:
        """Where there is something to write: of a machine's supplies most did not move."""
        row, said = case.row, _said(case.supply)
        kept = (row.changed_at, row.installed_at, row.installed_pages, row.low, row.forecast_due)
        if row.id is not None and (*said, *kept) == row.as_read:
            return
        moments = (as_moment(from_moment(row.changed_at)), as_moment(from_moment(row.installed_at)))
        values = (*said, *moments, *kept[2:])
        if row.id is None:
            self._new.append((current_tenant_id(), case.known.id, case.key, *values))
        else:
            self._changed.append((*values, row.id))


def _change(case: _Case, early_percent: int) -> Change:
    row = case.row
    if row.id is None:
        return Change.NONE
    return change(
        row.percent,
        case.percent,
        serial_before=row.serial,
        serial_after=as_text(case.supply.serial, 120),
        early_percent=early_percent,
        receptacle=case.supply.receptacle,
    )


def _said(supply: facts.Supply) -> tuple[Any, ...]:
    return (
        as_text(supply.kind, 40),
        as_text(supply.color, 40),
        as_text(supply.description, 255),
        str(supply.state),
        _percent(supply.percent),
        as_integer(supply.level),
        as_integer(supply.capacity),
        as_text(supply.unit, 32),
        supply.receptacle,
        as_text(supply.part_number, 120),
        as_text(supply.serial, 120),
        as_text(supply.source, 120),
        as_integer(supply.pages_left),
    )


def _load(ids: set[int]) -> dict[int, dict[str, _Stored]]:
    stored: dict[int, dict[str, _Stored]] = {}
    for machine_id, key, *row in by_keys(_STORED, ids):
        stored.setdefault(machine_id, {})[key] = _Stored(tuple(row[1:]), *row)
    return stored


def _percent(percent: int | None) -> int | None:
    return None if percent is None else max(0, min(100, percent))


def _name(supply: facts.Supply) -> str:
    return supply.description or f"{supply.color} {supply.kind}".strip()


def _replaced_sentence(case: _Case, detail: dict[str, Any], *, early: bool) -> str:
    made, before = detail["yield_pages"], detail["before"]
    pages = "" if made is None else f" after {made:,} pages"
    left = f" with {before} % left" if early and before is not None else ""
    return f"{case.known.device.name}: {_name(case.supply)} was replaced{left}{pages}."
