"""A reading as JSON values, and back: to be kept, or sent.

Each object is the list of its fields in their order, so that a reading stays small. What was written before a field was
added is read with the field's default; what was written later is read without the fields that are not known here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from enum import StrEnum
from operator import attrgetter
from typing import Any, TypeVar

from platen.readings.facts import (
    Activity,
    Alert,
    AlertSeverity,
    Finisher,
    Identity,
    Meter,
    Port,
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


def _maker(made: type[T], **converted: Callable[[Any], Any]) -> Callable[[list[Any]], T]:
    """What makes an object of its fields in their order, some of them converted. It raises ValueError for too few."""
    names = tuple(field.name for field in fields(made))  # type: ignore[arg-type]  # a dataclass
    needed = sum(field.default is MISSING and field.default_factory is MISSING for field in fields(made))  # type: ignore[arg-type]
    places = [(names.index(name), convert) for name, convert in converted.items()]

    def make(stored: list[Any]) -> T:
        if len(stored) < needed:
            raise ValueError(f"A {made.__name__.lower()} has at least {needed} values.")
        values = list(stored[: len(names)])
        for place, convert in places:
            if place < len(values):
                values[place] = convert(values[place])
        return made(*values)

    return make


_identity, _status, _meter, _supply, _tray, _alert = map(_getter, (Identity, Status, Meter, Supply, Tray, Alert))
_identity_of = _maker(Identity, functions=frozenset)
_status_of = _maker(Status, activity=Activity, reasons=frozenset, console=tuple, lights=dict)
_meter_of = _maker(Meter)
_finisher, _port = map(_getter, (Finisher, Port))
_supply_of, _port_of = _maker(Supply, state=SupplyState), _maker(Port)
_tray_of = _maker(Tray, state=SupplyState, status=tuple, stacking=tuple)
_finisher_of = _maker(Finisher, state=SupplyState, status=tuple, outputs=tuple, supplies=tuple, abilities=tuple)
_alert_of = _maker(Alert, severity=AlertSeverity, training=Training)
_FUNCTIONS = [field.name for field in fields(Identity)].index("functions")
_REASONS, _LIGHTS = map([field.name for field in fields(Status)].index, ("reasons", "lights"))


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
        [_finisher(each) for each in reading.finishers],
        [_port(each) for each in reading.ports],
    ]


def reading_from_json(stored: Any) -> Reading:
    """What `reading_to_json` gave. Raises: ValueError where it is something else."""
    try:
        identity, status, meters, supplies, trays, alerts, notes = stored[:7]
        finishers, ports = (*stored[7:9], [], [])[:2]  # what was kept before there were any has none
        return Reading(
            identity_from_json(identity),
            status_from_json(status),
            tuple(map(_meter_of, meters[:LIST_MAX])),
            tuple(map(_supply_of, supplies[:LIST_MAX])),
            tuple(map(_tray_of, trays[:LIST_MAX])),
            alerts_from_json(alerts),
            tuple(map(str, notes[:LIST_MAX])),
            tuple(map(_finisher_of, finishers[:LIST_MAX])),
            tuple(map(_port_of, ports[:LIST_MAX])),
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
    return _identity_of(stored)


def status_to_json(status: Status) -> list[Any]:
    """As JSON values."""
    values = list(_status(status))
    values[_REASONS], values[_LIGHTS] = sorted(status.reasons), dict(status.lights)
    return values


def status_from_json(stored: list[Any]) -> Status:
    """What `status_to_json` gave."""
    return _status_of(stored)


def alerts_to_json(alerts: tuple[Alert, ...]) -> list[Any]:
    """As JSON values."""
    return [_alert(each) for each in alerts]


def alerts_from_json(stored: list[Any]) -> tuple[Alert, ...]:
    """What `alerts_to_json` gave."""
    return tuple(map(_alert_of, stored[:LIST_MAX]))
