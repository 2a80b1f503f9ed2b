"""The rows of a maker's file (`makers/*.toml`), read and checked. docs/makers.md explains the format to people.

A row says which fact a value is: a meter, a part of the identity, a line of the display, or something about a supply.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from enum import StrEnum
from typing import Any

from platen.protocols.snmp import Oid, SnmpError, parse_oid
from platen.readings.facts import Identity, Work


class MakerError(Exception):
    """A maker's file is not as it should be; the message names the file and the row."""


class Fact(StrEnum):
    """What a value tells of. The key of a row that holds the fact's name."""

    METER = "meter"
    IDENTITY = "identity"
    CONSOLE = "console"
    SUPPLY = "supply"


class Encoding(StrEnum):
    """How a value is written."""

    NUMBER = "number"  # an INTEGER or counter, or a text that begins with digits
    TEXT = "text"
    PML_TEXT = "pml-text"  # two octets name the symbol set, then the text
    DEVICE_ID = "device-id"  # IEEE 1284: KEY:value; ...
    LEVEL_OF = "level-of"  # two numbers of equal width: how much there is, of how much


READS = frozenset({"percent", "pages-left", "level", "capacity", "state", "description", "part-number", "serial"})
"""What a value says of a supply."""

_WORDS = frozenset({"description", "part-number", "serial"})
_NOT_LISTED = frozenset({"asset_number", "contact", "location"})

METER_UNITS = frozenset({"impressions", "sheets", "images"})
_COLORS = frozenset({"mono", "color", "full-color", "two-color", "single-color"})
_SIZES = frozenset({"large", "small"})
_WORKS = frozenset(Work)
_IDENTITY_FIELDS = frozenset(
    field.name for field in fields_of(Identity) if field.name not in {"color", "duplex", "functions", "object_id"}
)
_ROW_KEYS = frozenset(
    {
        *Fact,
        "oid",
        "reads",
        "encoding",
        "unit",
        "scale",
        "pattern",
        "key",
        "label",
        "octets",
        "add",
        "source",
        "seen",
        "note",
    },
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one value is. `name`: of the meter, the identity's field, or the supply ("toner.black")."""

    fact: Fact
    name: str
    encoding: Encoding
    reads: str = ""
    unit: str = "impressions"
    scale: float = 1.0
    pattern: re.Pattern[str] | None = None  # its group "value" is what counts of a text
    key: str = ""  # of a device id: which value
    label: str = ""  # of a supply that no kind says what it is: "Laser unit"
    octets: int = 0  # of a record: how long its value is; one of another length says something else. 0: any length
    add: bool = False  # rows of one meter are added up; otherwise the first one counts
    seen: bool = False
    source: str = ""

    @property
    def changes(self) -> bool:
        """True for what is worth asking again at every visit; names and numbers of supplies are as their words."""
        return self.fact is not Fact.IDENTITY and self.reads not in _WORDS

    @property
    def is_serial(self) -> bool:
        """True for the machine's serial number."""
        return self.fact is Fact.IDENTITY and self.name == "serial"

    @property
    def listed(self) -> bool:
        """True for what lists of machines show."""
        return self.changes or (self.fact is Fact.IDENTITY and self.name not in _NOT_LISTED)


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows say themselves what they count: `keys` are the columns that say it, `value` counts."""

    value: Oid
    keys: tuple[Oid, ...]  # none: the index itself is the key, dotted
    rows: Mapping[str, Row]
    patterns: tuple[tuple[re.Pattern[str], Row], ...] = ()  # keys with "*" in them


@dataclass(frozen=True, slots=True)
class Blob:
    """One octet string that holds many records (see `makers_values.records`)."""

    layout: tuple[tuple[str, int], ...]
    end: int
    rows: Mapping[int, Row]


@dataclass(frozen=True, slots=True)
class Sum:
    """A meter that a machine does not have, made of meters that it has."""

    name: str
    plus: tuple[str, ...]  # all are needed
    optional: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    unit: str = "impressions"


@dataclass(frozen=True, slots=True)
class Match:
    """Who answers like this: an object identifier that begins so, a description that looks so, or both."""

    brand: str
    object_id: Oid = ()
    description: re.Pattern[str] | None = None
    like: str = ""  # the file whose objects these machines have
    seen: bool = False

    @property
    def weight(self) -> tuple[bool, int, bool]:
        """Of several matches the one with the greatest weight counts."""
        return (bool(self.object_id) and self.description is not None, len(self.object_id), bool(self.description))

    def fits(self, object_id: Oid, description: str) -> bool:
        """True if a machine with this sysObjectID and description is meant."""
        if self.object_id and object_id[: len(self.object_id)] != self.object_id:
            return False
        return self.description is None or self.description.search(description) is not None


def oid_in(text: object, where: str) -> Oid:
    """Raises: MakerError."""
    try:
        return parse_oid(text) if isinstance(text, str) else _refuse(where, f"{text!r} is not an object identifier")
    except SnmpError as error:
        raise MakerError(f"{where}: {error}") from error


def _refuse(where: str, what: str) -> Any:
    raise MakerError(f"{where}: {what}.")


def pattern_in(text: object, where: str) -> re.Pattern[str]:
    """A regular expression that ignores case. Raises: MakerError."""
    try:
        return re.compile(str(text), re.IGNORECASE)
    except re.error as error:
        raise MakerError(f"{where}: “{text}” is not a regular expression: {error}.") from error


def check_meter(name: str, where: str) -> str:
    """`work[.colour][.size]`, see facts.Meter. Raises: MakerError."""
    work, *rest = name.split(".")
    if rest and rest[0] in _COLORS:
        rest.pop(0)
    if rest and rest[0] in _SIZES:
        rest.pop(0)
    if work not in _WORKS or rest:
        _refuse(where, f"“{name}” is not the name of a meter; write for example “copy.color.large”")
    return name


def row_in(data: Mapping[str, Any], where: str, *, seen: bool = False, add: bool = False, source: str = "") -> Row:
    """A row of a table, a record of a blob, or an object. Raises: MakerError."""
    unknown = sorted(set(data) - _ROW_KEYS)
    if unknown:
        _refuse(where, f"“{unknown[0]}” is not known here")
    facts = [fact for fact in Fact if fact in data]
    if len(facts) != 1:
        _refuse(where, "a row has one of meter, identity, console and supply")
    fact = facts[0]
    name = str(data[fact]) if fact is not Fact.CONSOLE else ""
    _check_name(fact, name, data, where)
    usual = Encoding.NUMBER if fact is Fact.METER or data.get("reads") in _NUMBERS else Encoding.TEXT
    return Row(
        fact=fact,
        name=name,
        encoding=_one_of(Encoding, data.get("encoding", usual), where),
        reads=str(data.get("reads", "")),
        unit=str(data.get("unit", "impressions")),
        scale=float(data.get("scale", 1)),
        pattern=pattern_in(data["pattern"], where) if "pattern" in data else None,
        key=str(data.get("key", "")),
        label=str(data.get("label", "")),
        octets=int(data.get("octets", 0)),
        add=bool(data.get("add", add)),
        seen=bool(data.get("seen", seen)),
        source=str(data.get("source", source)),
    )


_NUMBERS = frozenset({"percent", "pages-left", "level", "capacity", "state"})


def _check_name(fact: Fact, name: str, data: Mapping[str, Any], where: str) -> None:
    if fact is Fact.METER:
        check_meter(name, where)
        if data.get("unit", "impressions") not in METER_UNITS:
            _refuse(where, f"“{data['unit']}” is not a unit of meters ({', '.join(sorted(METER_UNITS))})")
    if fact is Fact.IDENTITY and name not in _IDENTITY_FIELDS:
        _refuse(where, f"“{name}” is no part of an identity ({', '.join(sorted(_IDENTITY_FIELDS))})")
    if fact is Fact.SUPPLY and data.get("reads") not in READS:
        _refuse(where, f"a supply needs “reads”, one of {', '.join(sorted(READS))}")
    if "pattern" in data and "(?P<value>" not in str(data["pattern"]):
        _refuse(where, "the pattern has no group named “value”")


def _one_of(kind: type[Encoding], value: object, where: str) -> Encoding:
    try:
        return kind(str(value))
    except ValueError:
        return Encoding(_refuse(where, f"“{value}” is not an encoding ({', '.join(kind)})"))
