"""Trays, finishers and ports as they are stored with a machine, and back: each an object by the names of its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from platen.readings.facts import Finisher, Port, Reading, SupplyState, Tray

if TYPE_CHECKING:
    from platen.fleet.models import Machine

T = TypeVar("T")
TRAYS_MAX = 60
FINISHERS_MAX = 30
PORTS_MAX = 30
_NAMES: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind)) for kind in (Tray, Finisher, Port)
}
_NEEDED: dict[type, tuple[str, ...]] = {Tray: ("key",), Finisher: ("key", "kind"), Port: ("key", "protocol")}
_STATES = {state.value: state for state in SupplyState}

of_tray, of_finisher, of_port = (attrgetter(*_NAMES[kind]) for kind in (Tray, Finisher, Port))
"""The values of the fields, in their order: what is compared of each."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a machine consists of, as it is stored."""

    trays: tuple[Tray, ...] = ()
    finishers: tuple[Finisher, ...] = ()
    ports: tuple[Port, ...] = ()

    @property
    def inputs(self) -> tuple[Tray, ...]:
        """Where media comes from."""
        return tuple(tray for tray in self.trays if not tray.output)

    @property
    def outputs(self) -> tuple[Tray, ...]:
        """Where it goes to."""
        return tuple(tray for tray in self.trays if tray.output)

    @property
    def fitted(self) -> tuple[Finisher, ...]:
        """Finishers that are on it; machines also name those that could be."""
        return tuple(finisher for finisher in self.finishers if finisher.is_there)


def as_stored(reading: Reading) -> tuple[list[Any], list[Any], str, list[Any]]:
    """Trays, finishers, the kinds of those that are there, and ports: what a machine's row has of a reading."""
    return (
        _objects(Tray, of_tray, reading.trays[:TRAYS_MAX]),
        _objects(Finisher, of_finisher, reading.finishers[:FINISHERS_MAX]),
        " ".join(dict.fromkeys(finisher.kind for finisher in reading.finishers if finisher.is_there)),
        _objects(Port, of_port, reading.ports[:PORTS_MAX]),
    )


def equipment_of(machine: Machine) -> Equipment:
    """What is stored of a machine; what another version stored is read as far as it is known here."""
    return Equipment(
        tuple(_read(Tray, machine.trays)), tuple(_read(Finisher, machine.finishers)), tuple(_read(Port, machine.ports))
    )


def _objects(kind: type, values_of: Callable[[Any], tuple[Any, ...]], each: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [dict(zip(_NAMES[kind], values_of(one), strict=True)) for one in each]


def _read(kind: type[T], stored: object) -> Iterator[T]:
    for each in stored if isinstance(stored, list) else ():
        if isinstance(each, dict) and all(isinstance(each.get(name), str) for name in _NEEDED[kind]):
            values = {name: tuple(value) if isinstance(value, list) else value for name, value in each.items()}
            if "state" in values:
                values["state"] = _STATES.get(str(values["state"]), SupplyState.UNKNOWN)
            yield kind(**{name: value for name, value in values.items() if name in _NAMES[kind]})
