"""The rows of corrections (`corrections.toml`), read and checked. docs/makers.md explains the format to people."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from fnmatch import translate
from string import Template
from typing import Any

from platen.protocols.snmp import Oid, SnmpError, parse_oid
from platen.readings.facts import Alert, AlertSeverity, Identity, Meter, Supply
from platen.readings.makers_rows import MakerError

Subject = Supply | Meter | Alert | Identity
Test = Callable[[Any], bool]
"""Whether a value is as a row's `when` says."""

KINDS: Mapping[str, type[Subject]] = {"supply": Supply, "meter": Meter, "alert": Alert, "identity": Identity}
_BLANKS: tuple[Subject, ...] = (Supply("", ""), Meter("", 0, ""), Alert("", AlertSeverity.OTHER, ""), Identity())
RATIO = "ratio"
"""Level in percent of the capacity, not a field of its own."""
_ANY, _NONE, _EXPRESSION = "any", "none", "~"
_KEYS = frozenset(
    {
        "name",
        "maker",
        "model",
        "reasons",
        "when",
        "objects",
        "set",
        "level_is",
        "scale",
        "unhex",
        "drop",
        "note",
        "evidence",
        "seen",
    }
)
_ACTIONS: Mapping[str, frozenset[str]] = {
    "set": frozenset({"supply", "meter", "identity"}),
    "level_is": frozenset({"supply"}),
    "scale": frozenset({"meter"}),
    "unhex": frozenset({"identity"}),
    "drop": frozenset({"supply", "meter", "alert"}),
}
"""What is done to which kind of row."""


class LevelIs(StrEnum):
    """What a level really says."""

    PERCENT = "percent"  # left, of a hundred
    USED = "used"  # percentage that is gone
    FULL = "full"
    SOME = "some"
    LOW = "low"
    EMPTY = "empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Correction:
    """One row: what it fits, and what is put right. `reasons` tests all printer-state-reasons in one text."""

    kind: str
    name: str
    maker: Test
    model: Test
    reasons: Test
    tests: tuple[tuple[str, Test], ...]
    objects: tuple[tuple[Oid, Test], ...]
    note: Template
    evidence: str
    seen: bool
    set: Mapping[str, Any]
    level_is: LevelIs | None = None
    scale: tuple[int, int] | None = None
    unhex: str = ""
    drop: bool = False


def read_corrections(name: str, text: str) -> tuple[Correction, ...]:
    """Raises: MakerError that names the file and the row."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MakerError(f"{name}: {error}.") from error
    unknown = sorted(set(data) - set(KINDS))
    if unknown:
        raise MakerError(f"{name}: “{unknown[0]}” is not something that can be corrected.")
    found = []
    for kind in KINDS:
        for number, row in enumerate(data.get(kind, ()), 1):
            where = f"{name}, {kind} {number} “{row.get('name', '')}”"
            try:
                found.append(_correction(kind, row))
            except (KeyError, TypeError, ValueError, SnmpError, re.error) as error:
                said = f"“{error.args[0]}” is missing" if isinstance(error, KeyError) else error
                raise MakerError(f"{where}: {said}.") from error
    return tuple(found)


def _check(kind: str, row: Mapping[str, Any]) -> None:
    """Raises: ValueError about what does not belong where it stands."""
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise ValueError(f"“{unknown[0]}” is not part of a correction")
    actions = [action for action in _ACTIONS if action in row]
    if len(actions) != 1:
        raise ValueError(f"it takes one of {', '.join(_ACTIONS)}")
    if kind not in _ACTIONS[actions[0]]:
        raise ValueError(f"“{actions[0]}” is not done to a {kind}")
    known = {field.name for field in fields(KINDS[kind])} | ({RATIO} if kind == "supply" else set())
    strange = {*row.get("when", {}), *row.get("set", {}), *filter(None, [row.get("unhex")])} - known
    if strange:
        raise ValueError(f"“{min(strange)}” is not a field of a {kind}")
    if not row["evidence"].strip():
        raise ValueError("the evidence is empty")


def _correction(kind: str, row: Mapping[str, Any]) -> Correction:
    _check(kind, row)
    return Correction(
        kind=kind,
        name=row["name"],
        maker=_test(row.get("maker", "*")),
        model=_test(row.get("model", "*")),
        reasons=_test(row.get("reasons", "*")),
        tests=tuple((field, _test(wanted)) for field, wanted in row.get("when", {}).items()),
        objects=tuple((parse_oid(oid), _test(wanted)) for oid, wanted in row.get("objects", {}).items()),
        note=Template(row["note"]),
        evidence=row["evidence"],
        seen=bool(row["seen"]),
        set=_set(row.get("set", {}), KINDS[kind]),
        level_is=LevelIs(row["level_is"]) if "level_is" in row else None,
        scale=_scale(row["scale"]) if "scale" in row else None,
        unhex=row.get("unhex", ""),
        drop=bool(row.get("drop", False)),
    )


def _set(values: Mapping[str, Any], kind: type[Subject]) -> Mapping[str, Any]:
    """Only values of the type that the field has: texts for texts, yes or no for yes or no."""
    blank = next(blank for blank in _BLANKS if isinstance(blank, kind))
    for field, value in values.items():
        if type(getattr(blank, field)) is not type(value):
            raise ValueError(f"“{field}” cannot be {value!r}")
    return dict(values)


def _scale(pair: Any) -> tuple[int, int]:
    over, under = pair
    if type(over) is not int or type(under) is not int or over < 1 or under < 1:
        raise ValueError("“scale” takes two whole numbers above zero")
    return over, under


def _test(wanted: Any) -> Test:
    """From how it is written: [low, high], a number, true or false, "none", or patterns of which one has to fit."""
    if isinstance(wanted, bool):
        return lambda value: value is wanted
    if isinstance(wanted, int):
        return lambda value: value == wanted
    if wanted == _NONE:
        return lambda value: value is None or value == ""
    if isinstance(wanted, list) and wanted and isinstance(wanted[0], int):
        return _between(wanted)
    patterns = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(patterns, Iterable) or not all(isinstance(pattern, str) for pattern in patterns):
        raise ValueError(f"nothing can be compared with {wanted!r}")
    if list(patterns) == ["*"]:
        return lambda value: True
    fits = re.compile("|".join(f"(?:{_expression(pattern)})" for pattern in patterns), re.IGNORECASE).fullmatch
    return lambda value: isinstance(value, str) and fits(value) is not None


def _between(bounds: list[Any]) -> Test:
    low, high = bounds
    if high == _ANY:
        return lambda value: value is not None and value >= low
    if type(high) is not int or high < low:
        raise ValueError(f"{bounds} is not a range")
    return lambda value: value is not None and low <= value <= high


def _expression(pattern: str) -> str:
    return pattern[1:] if pattern.startswith(_EXPRESSION) else translate(pattern)
