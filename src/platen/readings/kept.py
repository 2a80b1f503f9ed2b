"""A reading as JSON values, and back: to be kept, or sent.

Each object is the list of its fields in their order, so that a reading stays small. What was written before a field was
added is read with the field's default; what was written later is read without the fields that are not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from operator import attrgetter
from typing import Any, TypeVar

from platen.readings.facts import (
    Activity,
    Alert,
    AlertSeverity,
    Identity,
    Meter,
    Reading,
    Status,
    Supply,
    SupplyState,
    Training,
    Tray,
)

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
LIST_MAX = 1_000


def _getter(made: type) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*(field.name for field in fields(made)))


_identity, _status, _meter, _supply, _tray, _alert = map(_getter, (Identity, Status, Meter, Supply, Tray, Alert))


def reading_to_json(reading: Reading) -> list[Any]:
    """As JSON values."""
    return [
        identity_to_json(reading.identity),
        status_to_json(reading.status),
        [_meter(each) for each in reading.meters],
        [_supply(each) for each in reading.supplies],
        [_tray(each) for each in reading.trays],
        alerts_to_json(reading.alerts),
        list(reading.notes),
    ]


def reading_from_json(stored: Any) -> Reading:
    """What `reading_to_json` gave. Raises: ValueError where it is something else."""
    try:
        identity, status, meters, supplies, trays, alerts, notes = stored[:7]
        return Reading(
            identity_from_json(identity),
            status_from_json(status),
            tuple([_made(Meter, each) for each in meters[:LIST_MAX]]),
            tuple([_made(Supply, each, state=SupplyState) for each in supplies[:LIST_MAX]]),
            tuple([_made(Tray, each, state=SupplyState) for each in trays[:LIST_MAX]]),
            alerts_from_json(alerts),
            tuple(map(str, notes[:LIST_MAX])),
        )
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        raise ValueError("This is not a reading.") from error


def identity_to_json(identity: Identity) -> list[Any]:
    """As JSON values."""
    values = list(_identity(identity))
    values[_FUNCTIONS] = sorted(identity.functions)
    return values


def identity_from_json(stored: list[Any]) -> Identity:
    """What `identity_to_json` gave."""
    return _made(Identity, stored, functions=frozenset)


def status_to_json(status: Status) -> list[Any]:
    """As JSON values."""
    values = list(_status(status))
    values[_REASONS], values[_LIGHTS] = sorted(status.reasons), dict(status.lights)
    return values


def status_from_json(stored: list[Any]) -> Status:
    """What `status_to_json` gave."""
    return _made(Status, stored, activity=Activity, reasons=frozenset, console=tuple, lights=dict)


def alerts_to_json(alerts: tuple[Alert, ...]) -> list[Any]:
    """As JSON values."""
    return [_alert(each) for each in alerts]


def alerts_from_json(stored: list[Any]) -> tuple[Alert, ...]:
    """What `alerts_to_json` gave."""
    return tuple([_made(Alert, each, severity=AlertSeverity, training=Training) for each in stored[:LIST_MAX]])


_NAMES: Mapping[type, tuple[str, ...]] = {
    made: tuple(field.name for field in fields(made)) for made in (Identity, Status, Meter, Supply, Tray, Alert)
}
_NEEDED = {
    made: sum(field.default is MISSING and field.default_factory is MISSING for field in fields(made))
    for made in _NAMES
}
_FUNCTIONS = _NAMES[Identity].index("functions")
_REASONS, _LIGHTS = _NAMES[Status].index("reasons"), _NAMES[Status].index("lights")


def _made(made: type[T], stored: list[Any], **converted: Callable[[Any], Any]) -> T:
    names = _NAMES[made]
    if len(stored) < _NEEDED[made]:
        raise ValueError(f"A {made.__name__.lower()} has at least {_NEEDED[made]} values.")
    values = list(stored[: len(names)])
    for name, convert in converted.items():
        place = names.index(name)
        if place < len(values):
            values[place] = convert(values[place])
    return made(*values)
