"""Supplies of an IPP printer: printer-supply (PWG 5100.13), or marker-* of CUPS where that is missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from colorsys import rgb_to_hsv

from platen.protocols.ipp.values import Attributes
from platen.readings.colors import COLORED_TYPES, color_in, color_named, color_of_letters
from platen.readings.enumerations import SUPPLY_TYPES
from platen.readings.facts import Supply, SupplyState
from platen.readings.ipp_values import VALUES_MAX, keyword, number, records_of, texts_of, unit_of
from platen.readings.part_numbers import part_of, serial_of
from platen.readings.supplies import SUPPLIES_MAX, amount_of
from platen.readings.supply_kinds import kind_in

_KINDS = frozenset(SUPPLY_TYPES.values())
_SERIAL_MARK = re.compile(r"_S/N_\s*:")  # of Samsung's machines, whoever sells them
_HEX = re.compile(r"#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})")
_DARK, _BRIGHT = 0x40, 0xF0
"""A colour whose parts are all below is black: "#101010"; white, all above."""
_GRAY = 0x18
"""How far the parts of gray are from each other at most."""
_LIGHT = 0x80
"""Cyan and magenta with no part below are the light ones."""
_HUES = ((15, "red"), (45, "orange"), (75, "yellow"), (160, "green"), (208, "cyan"), (270, "blue"), (345, "magenta"))
"""Up to which angle of the circle of colours each name is used; behind the last red begins again."""


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
    if max(parts) - min(parts) <= _GRAY:
        return "white" if min(parts) >= _BRIGHT else "gray"
    angle = rgb_to_hsv(*(part / 255 for part in parts))[0] * 360
    name = next((name for most, name in _HUES if angle < most), "red")
    return f"light {name}" if name in {"cyan", "magenta"} and min(parts) >= _LIGHT else name


def _supply(place: int, record: dict[str, str], words: str, marker: Supply | None) -> Supply:
    description = words or (marker.description if marker else "")
    level, capacity = number(record.get("level")), number(record.get("maxcapacity"))
    unit = unit_of(record.get("unit"))
    kind = _kind(record.get("type", ""), description)
    is_receptacle = keyword(record.get("class", "")) == "receptacle-that-is-filled" or kind.startswith("waste-")
    state, percent = amount_of(_left(record, level, capacity) if is_receptacle else level, capacity, unit)
    color = color_in(description) or color_named(record.get("colorantname", "")) or (marker.color if marker else "")
    if percent is None and marker is not None and marker.percent is not None:
        state, percent = marker.state, marker.percent  # the same supply, measured where the record does not say
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
        receptacle=is_receptacle,
        part_number=part_of(description),
        serial=serial_of(description),
        source="printer-supply",
    )


def _left(record: dict[str, str], level: int | None, capacity: int | None) -> int | None:
    """The room that is left in a receptacle. That is its level, as in the Printer MIB, but where the record says from
    which level on it is too full: then the level counts up."""
    if "highlevel" not in record or level is None or capacity is None or not 0 <= level <= capacity:
        return level
    return capacity - level


def _markers(attributes: Attributes) -> list[Supply]:
    levels = attributes.integers("marker-levels")
    names, kinds = texts_of(attributes, "marker-names"), texts_of(attributes, "marker-types")
    colors = texts_of(attributes, "marker-colors")
    # More levels than anything that says what they are the levels of: four names and eleven levels were seen.
    said = max(len(names), len(kinds), len(colors))
    count = min(max(said, 0 if said else len(levels)), VALUES_MAX)
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
    color = color_in(name) or color_of_letters(name) or color_of(ink)
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
