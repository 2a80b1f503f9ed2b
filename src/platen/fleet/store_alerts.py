"""Alerts of a batch of readings: which began, which are over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from platen.fleet.batch_sql import Insert, Update, as_integer, as_moment, as_text, by_keys, from_moment
from platen.fleet.events import Happening, Kind
from platen.fleet.known import Known
from platen.fleet.models import Alert
from platen.policy.fleet.severity import severity_of
from platen.readings import facts
from platen.tenants.context import current_tenant_id

ALERTS_MAX = 200
INDEX_MAX = 2**31 - 1
_NAMES = ("key", "severity", "level", "training", "code", "group", "group_index", "location", "description", "source")
_BEGAN = Insert(Alert, "tenant_id", "machine_id", *_NAMES, "began_at")
_CLEARED = Update(Alert, "cleared_at")
_OPEN = (
    "SELECT machine_id, key, id, severity, level, training, code, description, began_at FROM fleet_alert "
    "WHERE cleared_at IS NULL AND machine_id IN ({keys})"
)


@dataclass(slots=True)
class AlertBatch:
    """Takes the alerts of readings that report others than before, then writes what began and what is over."""

    happened: list[Happening]
    _taken: list[tuple[Known, tuple[facts.Alert, ...], datetime]] = field(default_factory=list)

    def take(self, known: Known, alerts: tuple[facts.Alert, ...], at: datetime) -> None:
        """Note all that a machine reports."""
        self._taken.append((known, alerts[:ALERTS_MAX], at))

    def write(self) -> None:
        """Compare with what is open, and write."""
        if not self._taken:
            return
        stored: dict[int, dict[str, tuple[Any, ...]]] = {}
        for row in by_keys(_OPEN, {known.id for known, _, _ in self._taken}):
            stored.setdefault(row[0], {})[row[1]] = tuple(row[2:])
        began: list[tuple[Any, ...]] = []
        cleared: list[tuple[Any, ...]] = []
        for known, alerts, at in self._taken:
            before = stored.get(known.id, {})
            seen: set[str] = set()
            for alert in alerts:
                key = as_text(alert.key, 120)
                if key not in seen and key not in before:
                    began.append(self._began(known, key, alert, at))
                seen.add(key)
            for key in before.keys() - seen:
                cleared.append((as_moment(at), before[key][0]))
                self._over(known, key, before[key], at)
        _BEGAN.write(began)
        _CLEARED.write(cleared)

    def _began(self, known: Known, key: str, alert: facts.Alert, at: datetime) -> tuple[Any, ...]:
        severity = int(severity_of(alert.severity, alert.training))
        description = as_text(alert.description, 255)
        detail = _detail(severity, str(alert.severity), str(alert.training), alert.code, description)
        detail["group"] = alert.group
        self.happened.append(Happening(Kind.ALERT_BEGAN, known.id, at, key, description or alert.code, detail))
        return (
            current_tenant_id(),
            known.id,
            key,
            severity,
            str(alert.severity),
            str(alert.training),
            as_text(alert.code, 60),
            as_text(alert.group, 40),
            _index(alert.group_index),
            _index(alert.location),
            description,
            as_text(alert.source, 120),
            as_moment(at),
        )

    def _over(self, known: Known, key: str, before: tuple[Any, ...], at: datetime) -> None:
        _, severity, level, training, code, description, began_at = before
        detail = _detail(severity, level, training, code, description)
        began = from_moment(began_at)
        detail["began_at"] = None if began is None else began.isoformat()
        self.happened.append(Happening(Kind.ALERT_CLEARED, known.id, at, key, description or code, detail))


def _detail(severity: int, level: str, training: str, code: str, description: str) -> dict[str, Any]:
    return {"severity": severity, "level": level, "training": training, "code": code, "description": description}


def _index(value: int | None) -> int | None:
    value = as_integer(value)
    return value if value is not None and abs(value) <= INDEX_MAX else None
