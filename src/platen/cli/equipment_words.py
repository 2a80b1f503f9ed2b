"""Trays, finishers and ports in a line each, wherever a command says them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from platen.cli.supply_words import left
from platen.readings.facts import Finisher, Port, Tray

if TYPE_CHECKING:
    from platen.fleet.models import Machine


def tray_line(tray: Tray) -> str:
    """Of an output the room that is left in it."""
    return f"{_tray_name(tray)}: {_tray_state(tray)}"


def finisher_line(finisher: Finisher) -> str:
    """What it is, how it is and what it can do."""
    return f"{_finisher_name(finisher)}: {_finisher_state(finisher)}"


def port_line(port: Port) -> str:
    """By which protocol, at which number, and whether it takes documents."""
    return f"{port.protocol}: {_port_state(port)}"


def equipment_lines(machine: Machine) -> Iterator[tuple[str, str]]:
    """What it is and how it is, of everything that is stored of a machine; not of finishers that are not there."""
    from platen.fleet.equipment import equipment_of

    has = equipment_of(machine)
    yield from ((f"tray {_tray_name(tray)}", _tray_state(tray)) for tray in has.inputs)
    yield from ((f"output {_tray_name(tray)}", _tray_state(tray)) for tray in has.outputs)
    yield from ((f"finisher {_finisher_name(finisher)}", _finisher_state(finisher)) for finisher in has.fitted)
    yield from ((f"port {port.protocol}", _port_state(port)) for port in has.ports)


def _tray_name(tray: Tray) -> str:
    return " ".join(filter(None, (tray.name or tray.key, tray.media)))


def _tray_state(tray: Tray) -> str:
    return ", ".join((left(tray.percent, tray.state.value, receptacle=tray.output), *tray.status, *tray.stacking))


def _finisher_name(finisher: Finisher) -> str:
    return " ".join(filter(None, (finisher.kind, finisher.name, finisher.maker, finisher.model, finisher.serial)))


def _finisher_state(finisher: Finisher) -> str:
    amount = ""
    if finisher.level is not None and finisher.capacity is not None:
        amount = f"{finisher.level} of {finisher.capacity} {finisher.unit}".strip()
    said = filter(None, (finisher.presence, *finisher.status, amount, *finisher.abilities))
    return ", ".join(said) or "says nothing of itself"


def _port_state(port: Port) -> str:
    taken = {True: "takes documents", False: "takes no documents", None: ""}[port.takes_documents]
    return ", ".join(filter(None, (str(port.number or ""), port.resource, port.name, taken)))
