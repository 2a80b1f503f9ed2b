"""Supplies of an IPP printer: printer-supply (PWG 5100.13), or marker-* of CUPS where that is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from platen.protocols.ipp.values import Attributes
from platen.readings.colors import COLORED_TYPES, color_in, color_named
from platen.readings.enumerations import SUPPLY_TYPES
from platen.readings.facts import Supply, SupplyState
from platen.readings.ipp_values import VALUES_MAX, keyword, number, records_of, texts_of, unit_of
from platen.readings.part_numbers import part_of, serial_of
from platen.readings.supplies import SUPPLIES_MAX, amount_of
from platen.readings.supply_kinds import kind_in

_KINDS = frozenset(SUPPLY_TYPES.values())
_SERIAL_MARK = re.compile(r"_S/N_\s*:")  # of Samsung's machines, whoever sells them
_HEX = re.compile(r"#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})")
_DARK = 0x40
"""A colour whose parts are all below is black: "#101010"."""
_BRIGHT = 0x80
_BY_PARTS = {
    (False, True, True): "cyan",
    (True, False, True): "magenta",
    (True, True, False): "yellow",
    (True, False, False): "red",
    (False, True, False): "green",
    (False, False, True): "blue",
    (True, True, True): "white",
}


def read_supplies(attributes: Attributes) -> tuple[Supply, ...]:
    """One for each value of printer-supply; its names and colours from marker-* if those are as many."""
    described = records_of(attributes, "printer-supply")
    markers = _markers(attributes)
    if not any(described):
        return tuple(markers[:SUPPLIES_MAX])
    words = texts_of(attributes, "printer-supply-description")
    named = markers if len(markers) == len(described) else []
    found = [
        _supply(place, record, _at(words, place), named[place] if named else None)
        for place, record in enumerate(described)
        if record
    ]
    return tuple(found[:SUPPLIES_MAX])


def color_of(value: str) -> str:
    """A colour of marker-colors: "#00FFFF"; several of them in one are those of one cartridge; "none" is none."""
    inks = _HEX.findall(value)
    if len(inks) != 1:
        return "tri-color" if inks else ""
    parts = [int(part, 16) for part in inks[0]]
    if max(parts) < _DARK:
        return "black"
    return _BY_PARTS.get((parts[0] >= _BRIGHT, parts[1] >= _BRIGHT, parts[2] >= _BRIGHT), "")


def _supply(place: int, record: dict[str, str], words: str, marker: Supply | None) -> Supply:
    description = words or (marker.description if marker else "")
    level, capacity = number(record.get("level")), number(record.get("maxcapacity"))
    unit = unit_of(record.get("unit"))
    state, percent = amount_of(level, capacity, unit)
    kind = _kind(record.get("type", ""), description)
    color = color_in(description) or color_named(record.get("colorantname", "")) or (marker.color if marker else "")
    return Supply(
        key=f"ipp.{place + 1}",
        kind=kind,
        color=color if kind in COLORED_TYPES else "",
        description=description,
        state=state,
        percent=percent,
        level=level,
        capacity=capacity if capacity is not None and capacity > 0 else None,
        unit=unit,
        receptacle=keyword(record.get("class", "")) == "receptacle-that-is-filled" or kind.startswith("waste-"),
        part_number=part_of(description),
        serial=serial_of(description),
        source="printer-supply",
    )


def _markers(attributes: Attributes) -> list[Supply]:
    levels = attributes.integers("marker-levels")
    names, kinds = texts_of(attributes, "marker-names"), texts_of(attributes, "marker-types")
    colors = texts_of(attributes, "marker-colors")
    count = min(max(len(levels), len(names)), VALUES_MAX)
    return [
        _marker(place, _at(names, place), _at(kinds, place), _at(colors, place), levels[place : place + 1])
        for place in range(count)
    ]


def _marker(place: int, name: str, type_: str, ink: str, level: Sequence[int]) -> Supply:
    """marker-levels are percentages (CUPS); -1 and -2 are "not known" there, -3 "some". Of a receptacle they say how
    full it is, unlike prtMarkerSuppliesLevel and printer-supply, and marker-high-levels from where that is too much."""
    name = _SERIAL_MARK.sub(" S/N:", name)
    kind = _kind(type_, name)
    told = level[0] if level else None
    left = 100 - told if told is not None and 0 <= told <= 100 and kind.startswith("waste-") else told
    state, percent = amount_of(left, 100, "percent") if left != -1 else (SupplyState.UNKNOWN, None)
    color = color_in(name) or color_of(ink) or color_named(name if len(name) <= 2 else "")
    return Supply(
        key=f"ipp.{place + 1}",
        kind=kind,
        color=color if kind in COLORED_TYPES else "",
        description=name,
        state=state,
        percent=percent,
        level=told,
        capacity=100,
        unit="percent",
        receptacle=kind.startswith("waste-"),
        part_number=part_of(name),
        serial=serial_of(name),
        source="marker-levels",
    )


def _kind(type_: str, description: str) -> str:
    """By its type if that is registered, else by what the words say."""
    kind = keyword(type_)
    if kind in _KINDS and kind not in {"other", "unknown"}:
        return kind
    said = kind_in(f"{description} {kind.replace('-', ' ')}")
    return "other" if said == "unknown" else said


def _at(values: Sequence[str], place: int) -> str:
    return values[place] if place < len(values) else ""
