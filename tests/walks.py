"""Recorded walks of real machines as an agent would answer them: object identifiers to BER tags and values.

Every reader keeps the octets of a text as they came, so that encodings are the tested code's own business.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.testdata import TESTDATA

Oid = tuple[int, ...]
Value = int | bytes | Oid | None

SNMP = TESTDATA / "snmp"

INTEGER, OCTET_STRING, NULL, OBJECT_IDENTIFIER = 0x02, 0x04, 0x05, 0x06
IP_ADDRESS, COUNTER32, GAUGE32, TIME_TICKS, OPAQUE, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46


class Held(NamedTuple):
    """One object's BER tag (RFC 3416 section 3, RFC 2578 section 7.1) and value; an address is its four octets."""

    tag: int
    value: Value


Walk = dict[Oid, Held]

_NUMBERS = {INTEGER, COUNTER32, GAUGE32, TIME_TICKS, COUNTER64}
_NUMBER = re.compile(rb"-?\d+")


def oid_of(text: str) -> Oid:
    """From dotted numbers; a leading dot is allowed."""
    return tuple(int(part) for part in text.strip(".").split("."))


def load_walk(path: Path) -> Walk:
    """What the machine of that file holds, in the order of object identifiers; of a repeated object the last value."""
    if path.suffix == ".snmprec":
        rows = _snmprec(path)
    elif path.parent.name == "brother":
        rows = _brother(json.loads(path.read_text()))
    else:
        rows = _printmaster(json.loads(path.read_text()))
    return dict(sorted(rows, key=lambda row: row[0]))


@functools.cache
def walk_of(name: str) -> Walk:
    """By the file's path below testdata/snmp; shared, so do not change it."""
    return load_walk(SNMP / name)


def all_walks() -> dict[str, Path]:
    """Every recording by its path below testdata/snmp, as expected.json names it; nothing where they are absent."""
    files = [*SNMP.glob("librenms/*.snmprec"), *SNMP.glob("printmaster/*.json"), *SNMP.glob("brother/*.json")]
    return {str(path.relative_to(SNMP)): path for path in sorted(files)}


def main_walks() -> list[str]:
    """The recordings that a machine answers without a context: one name a machine."""
    return [name for name in all_walks() if "@" not in name]


def contexts_of(name: str) -> dict[str, Walk]:
    """What the machine of a recording answers in SNMP contexts (v3) or communities `name@context` (v1), by context."""
    stem = (SNMP / name).stem
    files = (SNMP / name).parent.glob(f"{stem}@*.snmprec")
    return {path.stem.split("@", 1)[1]: load_walk(path) for path in files}


@functools.cache
def told_of(name: str) -> dict[str, Any]:
    """The facts of expected.json about a recording."""
    facts: dict[str, Any] = _expected()[name]["facts"]
    return facts


def values_of(walk: Mapping[Oid, Held]) -> dict[Oid, Value]:
    """Without the tags."""
    return {oid: held.value for oid, held in walk.items()}


@functools.cache
def _expected() -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = json.loads((SNMP / "expected.json").read_text())["files"]
    return files


def _snmprec(path: Path) -> Iterator[tuple[Oid, Held]]:
    """`OID|tag|value`, the tag in decimal, followed by `x` where the value is hexadecimal."""
    for line in path.read_bytes().split(b"\n"):
        oid, _, rest = line.rstrip(b"\r").partition(b"|")
        tag, _, value = rest.partition(b"|")
        if not tag:
            continue
        is_hex = tag.endswith(b"x")
        number = int(tag.rstrip(b"x"))
        octets = bytes.fromhex(value.decode()) if is_hex else value
        if number in _NUMBERS and not is_hex and not _NUMBER.fullmatch(octets):
            continue  # damage of the recording, not of the machine: a number cannot be spelt wrong on the wire
        yield oid_of(oid.decode()), Held(number, _typed(number, octets, is_hex=is_hex))


def _typed(tag: int, octets: bytes, *, is_hex: bool = False) -> Value:
    match tag:
        case 0x05:
            return None
        case 0x06:
            return oid_of(octets.decode())
        case 0x04 | 0x44:
            return octets
        case 0x40:
            return octets if is_hex else _address(octets.decode())
        case _:
            return int.from_bytes(octets, "big", signed=tag == INTEGER) if is_hex else int(octets)


def _address(text: str) -> bytes:
    return bytes(int(part) for part in text.split("."))


_PRINTMASTER_TAGS = {
    "Integer": INTEGER,
    "OctetString": OCTET_STRING,
    "ObjectIdentifier": OBJECT_IDENTIFIER,
    "IPAddress": IP_ADDRESS,
    "Counter32": COUNTER32,
    "Gauge32": GAUGE32,
    "TimeTicks": TIME_TICKS,
    "Counter64": COUNTER64,
}


def _printmaster(rows: Iterable[Mapping[str, str]]) -> Iterator[tuple[Oid, Held]]:
    """Rows of type, printable value and hexadecimal value; a text that is empty has no hexadecimal value."""
    for row in rows:
        tag = _PRINTMASTER_TAGS[row["type"]]
        octets = bytes.fromhex(row["hex_value"]) if "hex_value" in row else row["value"].encode()
        yield oid_of(row["oid"]), Held(tag, _typed(tag, octets))


_CHARACTER_SET = oid_of("1.3.6.1.2.1.43.7.1.1.4.1.1")
_CODECS = {4: "latin-1", 5: "iso8859-2", 8: "iso8859-5", 106: "utf-8", 2004: "hp-roman8"}  # IANA's MIBenum
_COUNTERS = {oid_of("1.3.6.1.2.1.43.10.2.1.4.1.1"): COUNTER32, oid_of("1.3.6.1.2.1.1.3.0"): TIME_TICKS}
_PHYSICAL_ADDRESS = oid_of("1.3.6.1.2.1.2.2.1.6.1")


def _brother(objects: Mapping[str, str | list[str] | None]) -> Iterator[tuple[Oid, Held]]:
    """Texts that were decoded upstream get their octets back; records of the blobs are put together again.

    On the wire a blob is one text of records that ends with FF; null and an empty list stand for no such object.
    """
    codec = _CODECS.get(int(str(objects.get(".".join(map(str, _CHARACTER_SET)), 106))), "utf-8")
    for name, value in objects.items():
        oid = oid_of(name)
        if not value:
            continue
        if isinstance(value, list):
            yield oid, Held(OCTET_STRING, bytes.fromhex("".join(value)) + b"\xff")
        elif oid == _CHARACTER_SET or oid in _COUNTERS:
            yield oid, Held(_COUNTERS.get(oid, INTEGER), int(value))
        elif oid == _PHYSICAL_ADDRESS:
            yield oid, Held(OCTET_STRING, bytes.fromhex(value.replace(":", "")))
        else:
            yield oid, Held(OCTET_STRING, value.encode(codec))
