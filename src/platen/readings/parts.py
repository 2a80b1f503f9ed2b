"""A reading in parts, so that only what changed is sent: each part whole, as `readings.kept` writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from types import NoneType
from typing import Any

from platen.readings.facts import Reading
from platen.readings.kept import reading_from_json, reading_to_json

PARTS = ("identity", "status", "meters", "supplies", "trays", "alerts", "notes", "finishers", "ports")
_EMPTY = reading_to_json(Reading())

Parts = Mapping[str, Any]


def parts_of(reading: Reading) -> dict[str, Any]:
    """Every part by its name, as JSON values."""
    # Through JSON, so that what is compared is alike, whether it was stored in between or not.
    return dict(zip(PARTS, json.loads(json.dumps(reading_to_json(reading))), strict=True))


def reading_of(parts: Parts) -> Reading:
    """The reading; a part that is not there is as of a machine that says nothing.

    Raises: ValueError where it is something else.
    """
    return reading_from_json([parts.get(name, empty) for name, empty in zip(PARTS, _EMPTY, strict=True)])


def changed(before: Parts, now: Parts) -> dict[str, Any]:
    """The parts that are not what they were. Put together with what was before, `{**before, **changed}` is now."""
    return {name: part for name, part in now.items() if before.get(name) != part}


def is_sound(reading: Reading) -> bool:
    """Whether every value is of the type that it should be: what came from elsewhere may be anything."""
    objects: tuple[Any, ...] = (
        reading.identity,
        reading.status,
        *reading.meters,
        *reading.supplies,
        *reading.trays,
        *reading.alerts,
        *reading.finishers,
        *reading.ports,
    )
    return all(_fits(getattr(each, field.name), str(field.type)) for each in objects for field in fields(each))


_TYPES: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (int,),
    "int | None": (int, NoneType),
    "bool | None": (bool, NoneType),
    "frozenset[str]": (frozenset,),
    "tuple[str, ...]": (tuple,),
    "Mapping[str, str]": (dict,),
}


def _fits(value: object, declared: str) -> bool:
    if isinstance(value, frozenset | tuple):
        return declared in {"frozenset[str]", "tuple[str, ...]"} and all(isinstance(each, str) for each in value)
    if isinstance(value, dict):
        return declared == "Mapping[str, str]" and all(type(each) is str for pair in value.items() for each in pair)
    if isinstance(value, bool):
        return bool in _TYPES.get(declared, ())
    return isinstance(value, _TYPES.get(declared, (str,)))  # the others are words of an enumeration
