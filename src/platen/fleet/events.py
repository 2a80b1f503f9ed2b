"""What the fleet tells others: one signal for a batch, in the transaction that stores it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.dispatch import Signal


class Kind(StrEnum):
    """What happened to a machine."""

    ALERT_BEGAN = "alert-began"  # subject: the alert's key; detail: as fleet.models.Alert
    ALERT_CLEARED = "alert-cleared"  # as above, and began_at
    POWER = "power"  # detail: before, after (fleet.models.Power)
    SEVERITY = "severity"  # detail: before, after (fleet.models.Severity), training
    SUPPLY_LEVEL = "supply-level"  # subject: the supply's key; detail: before, after, kind, color, description
    SUPPLY_LOW = "supply-low"  # as above; said once until it is replaced
    SUPPLY_REPLACED = "supply-replaced"  # detail: before, after, serials, yield_pages
    SUPPLY_EARLY = "supply-early"  # as above: there was use left in it
    SUPPLY_MISSING = "supply-missing"
    SILENT = "silent"  # detail: failures, failure
    BACK = "back"  # it answers again
    REBOOTED = "rebooted"
    SUSPICIOUS = "suspicious"  # detail: sentence
    BELIEVED = "believed"  # what was suspicious has been confirmed; detail: sentence
    CONFLICT = "conflict"  # another machine answers; detail: serial, mac, model of the other one
    FIRMWARE = "firmware"  # detail: before, after
    MOVED = "moved"  # it has another address; detail: before, after
    ADDED = "added"  # a machine that was not known
    REMOVED = "removed"  # no longer managed


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. `detail` has JSON values only."""

    kind: Kind
    machine_id: int
    at: datetime
    subject: str = ""
    sentence: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


# sender: the current tenant's id; happenings: list[Happening], in their order. Inside the transaction, acting for the
# tenant. A receiver that fails would undo the readings: it must not do more than write rows.
fleet_happened = Signal()
