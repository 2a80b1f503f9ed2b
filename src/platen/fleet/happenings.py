"""What happened to one machine, of every kind, in one list by time."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from platen.fleet.history import alerts_of
from platen.fleet.models import Machine, StateSpan
from platen.fleet.queries_machine import changes_of_supplies, doubtful_readings

EVENTS_MAX = 200


class MachineEvent(TypedDict):
    """kind: alert, alert-cleared, state, supply-replaced, supply-early, supply-missing, supply-low or doubtful."""

    at: datetime
    kind: str
    what: str


def events_of_machine(machine: Machine, limit: int = 50) -> list[MachineEvent]:
    """Alerts that began and were over, states, changes of supplies, readings that were not believed; newest first."""
    limit = max(1, min(limit, EVENTS_MAX))
    found = [
        *_of_alerts(machine, limit),
        *_of_states(machine, limit),
        *(
            MachineEvent(at=each.at, kind=f"supply-{each.kind}", what=each.key)
            for each in changes_of_supplies(machine, limit)
        ),
        *(MachineEvent(at=each.at, kind="doubtful", what=each.suspicion) for each in doubtful_readings(machine, limit)),
    ]
    return sorted(found, key=lambda each: each["at"], reverse=True)[:limit]


def _of_alerts(machine: Machine, limit: int) -> list[MachineEvent]:
    found = []
    for alert in alerts_of(machine, size=limit):
        found.append(MachineEvent(at=alert.began_at, kind="alert", what=str(alert)))
        if alert.cleared_at is not None:
            found.append(MachineEvent(at=alert.cleared_at, kind="alert-cleared", what=str(alert)))
    return found


def _of_states(machine: Machine, limit: int) -> list[MachineEvent]:
    spans = StateSpan.objects.filter(machine=machine).order_by("-began_at", "-id")[:limit]
    return [MachineEvent(at=began, kind="state", what=state) for state, began in spans.values_list("state", "began_at")]
