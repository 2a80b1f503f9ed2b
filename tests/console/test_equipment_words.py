"""Trays, finishers and ports as the page of a device shows them."""

from __future__ import annotations

from dataclasses import replace

from platen.console.equipment_words import finishers_shown, outputs_shown, ports_shown
from platen.fleet.equipment import Equipment
from platen.readings.facts import Finisher, SupplyState
from tests.fleet.test_equipment import FOLDER, LPD, RAW, STAPLER, TOP


def test_the_page_says_how_finishers_and_outputs_are() -> None:
    """A word for the worst that is the matter, then what the part can do; what is not there is not shown."""
    jammed = replace(STAPLER, key="1.3", status=("idle", "stapler-empty"))
    off = Finisher("1.4", "puncher", presence="off", abilities=("punch-pattern=two-hole-din",))
    some = replace(TOP, key="out.1.3", state=SupplyState.SOME, percent=None, stacking=())
    has = Equipment(
        (TOP, replace(TOP, key="out.1.2", status=("full",)), some), (STAPLER, FOLDER, jammed, off), (RAW, LPD)
    )
    stapler, empty, punch = finishers_shown(has)
    assert (stapler.name, stapler.shown and stapler.shown.word) == ("Stapler", "Ready")
    assert stapler.detail == "Staple unit, MX-400, 20 of 50 sheets, at most 50 sheets, staple top left"
    assert empty.shown is not None
    assert (empty.shown.word, empty.shown.css_class) == ("Empty", "s-attn")
    assert (punch.name, punch.shown and punch.shown.word, punch.detail) == ("Hole punch", "Off", "two hole DIN")
    top, full, rest = outputs_shown(has)
    assert (top.shown, top.detail) == (None, "40% room, face down")
    assert rest.detail == "some room"
    assert full.shown is not None
    assert full.shown.word == "Full"
    assert ports_shown(has) == "RAW 9100"
