"""Finishers of an IPP printer and what they use up: printer-finisher and printer-finisher-supplies (PWG 5100.1)."""

from __future__ import annotations

from collections.abc import Mapping

from platen.protocols.ipp.values import Attributes
from platen.readings.colors import COLORED_TYPES, color_named
from platen.readings.enumerations import SUPPLY_TYPES
from platen.readings.facts import Finisher, Supply
from platen.readings.finisher_words import FINISHER_KINDS, PRESENCE
from platen.readings.finishers import FINISHERS_MAX
from platen.readings.ipp_values import keyword, number, records_of, texts_of, unit_of
from platen.readings.sub_units import status_words
from platen.readings.supplies import SUPPLIES_MAX, amount_of
from platen.readings.supply_kinds import kind_in

PREFIX = "ipp.fin."
"""How keys of supplies of finishers begin."""
_KINDS = frozenset(FINISHER_KINDS.values())
_SUPPLIES = frozenset(SUPPLY_TYPES.values()) - {"other", "unknown"}
_PRESENCE = {word: word for word in PRESENCE.values()} | {str(code): word for code, word in PRESENCE.items()}
_NO_UNITS = frozenset({"other", "unknown"})


def read_finishers(attributes: Attributes) -> tuple[Finisher, ...]:
    """One for each value of printer-finisher that says what it is."""
    words = texts_of(attributes, "printer-finisher-description")
    owners = [record.get("deviceindex", "") for record in records_of(attributes, "printer-finisher-supplies")]
    found = [
        _finisher(place, record, words[place] if place < len(words) else "", owners)
        for place, record in enumerate(records_of(attributes, "printer-finisher"))
        if record.get("type")
    ]
    return tuple(found[:FINISHERS_MAX])


def read_supplies(attributes: Attributes) -> tuple[Supply, ...]:
    """One for each value of printer-finisher-supplies, but of finishers that are not on the machine."""
    words = texts_of(attributes, "printer-finisher-supplies-description")
    absent = {
        record["index"]
        for record in records_of(attributes, "printer-finisher")
        if "index" in record and _presence(record) == "not-present"
    }
    found = [
        _supply(place, record, words[place] if place < len(words) else "")
        for place, record in enumerate(records_of(attributes, "printer-finisher-supplies"))
        if record.get("type") and record.get("deviceindex") not in absent
    ]
    return tuple(found[:SUPPLIES_MAX])


def _finisher(place: int, record: Mapping[str, str], name: str, owners: list[str]) -> Finisher:
    level, capacity = number(record.get("capacity")), number(record.get("maxcapacity"))
    kind, unit, index = keyword(record["type"]), unit_of(record.get("unit")), record.get("index", "")
    return Finisher(
        key=f"ipp.{place + 1}",
        kind=kind if kind in _KINDS else "other",
        name=name,
        presence=_presence(record),
        status=status_words(number(record.get("status"))),
        level=level if level is not None and level >= 0 else None,
        capacity=capacity if capacity is not None and capacity > 0 else None,
        unit="" if unit in _NO_UNITS else unit,
        state=amount_of(level, capacity, unit).state,
        supplies=tuple(f"{PREFIX}{number + 1}" for number, owner in enumerate(owners) if owner and owner == index),
        source="printer-finisher",
    )


def _supply(place: int, record: Mapping[str, str], description: str) -> Supply:
    level, capacity = number(record.get("level")), number(record.get("maxcapacity"))
    unit, kind = unit_of(record.get("unit")), keyword(record["type"])
    if kind not in _SUPPLIES:
        said = kind_in(description)
        kind = "other" if said == "unknown" else said
    state, percent = amount_of(level, capacity, unit)
    color = record.get("color") or record.get("colorantname", "")
    return Supply(
        key=f"{PREFIX}{place + 1}",
        kind=kind,
        color=color_named(color) if kind in COLORED_TYPES else "",
        description=description,
        state=state,
        percent=percent,
        level=level,
        capacity=capacity if capacity is not None and capacity > 0 else None,
        unit=unit,
        receptacle=keyword(record.get("class", "")) == "receptacle-that-is-filled" or kind.startswith("waste-"),
        source="printer-finisher-supplies",
    )


def _presence(record: Mapping[str, str]) -> str:
    return _PRESENCE.get(keyword(record.get("presentonoff", "")), "")
