"""Trays, finishers and ports in the lines of commands."""

from __future__ import annotations

from platen.cli.equipment_words import equipment_lines, port_line
from platen.fleet.equipment import as_stored
from platen.fleet.models import Machine
from platen.readings.facts import Finisher, Port, Reading, SupplyState, Tray


def test_what_is_stored_of_a_machine_is_said_line_by_line() -> None:
    """Trays, outputs with their room, finishers that are there, ports."""
    trays, finishers, finishing, ports = as_stored(
        Reading(
            trays=(
                Tray("in.1.1", "Tray 1", "A4", state=SupplyState.EMPTY, status=("empty",)),
                Tray("out.1.1", output=True, state=SupplyState.LEVEL, percent=40, stacking=("face-up",)),
            ),
            finishers=(Finisher("1.1", "puncher"), Finisher("1.2", "folder", presence="not-present")),
            ports=(Port("port.1.1", "lpd", 515, resource="lp", takes_documents=True),),
        )
    )
    stored = Machine(trays=trays, finishers=finishers, finishing=finishing, ports=ports)
    assert list(equipment_lines(stored)) == [
        ("tray Tray 1 A4", "empty, empty"),
        ("output out.1.1", "40 % of room, face-up"),
        ("finisher puncher", "says nothing of itself"),
        ("port lpd", "515, lp, takes documents"),
    ]
    assert list(equipment_lines(Machine())) == []


def test_a_port_that_is_closed_says_so() -> None:
    """Its name where it has one."""
    assert port_line(Port("port.1.1", "raw", 9100, "RAW", takes_documents=False)) == (
        "raw: 9100, RAW, takes no documents"
    )
