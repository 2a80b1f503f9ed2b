"""One maker's file as checked rows: matches, objects, tables, blobs, sums, descriptions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from platen.protocols.snmp import Oid
from platen.readings.makers_rows import (
    Blob,
    Fact,
    MakerError,
    Match,
    Row,
    Sum,
    Table,
    check_meter,
    oid_in,
    pattern_in,
    row_in,
)

_SECTIONS = frozenset({"maker", "like", "match", "describe", "object", "table", "blob", "sum", "missing"})
_LAYOUT_PARTS = frozenset({"key", "length", "skip"})


@dataclass(slots=True)
class MakerFile:
    """What a file says. `name` is the file's, without its ending; `maker` is as people write it."""

    name: str
    maker: str
    like: str = ""
    matches: list[Match] = field(default_factory=list)
    descriptions: list[re.Pattern[str]] = field(default_factory=list)
    firm_descriptions: list[re.Pattern[str]] = field(default_factory=list)  # without what people can change
    objects: dict[Oid, list[Row]] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    blobs: dict[Oid, Blob] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def read_maker_file(name: str, text: str) -> MakerFile:
    """Raises: MakerError that names the file and the row."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MakerError(f"{name}.toml: {error}.") from error
    where = f"{name}.toml"
    unknown = sorted(set(data) - _SECTIONS)
    if unknown:
        raise MakerError(f"{where}: “{unknown[0]}” is not a section of a maker's file.")
    if not isinstance(data.get("maker"), str):
        raise MakerError(f"{where}: the file does not say “maker”.")
    file = MakerFile(name, data["maker"], str(data.get("like", "")), missing=list(data.get("missing", ())))
    for section, read in _READERS.items():
        for number, row in enumerate(data.get(section, ()), 1):
            place = f"{where}, {section} {number}"
            _check_evidence(section, row, place)
            read(file, row, place)
    return file


def _check_evidence(section: str, row: Mapping[str, Any], where: str) -> None:
    """Every row says where it was found and whether a device showed it; a sum follows from the others."""
    if section != "sum" and (not isinstance(row.get("source"), str) or not isinstance(row.get("seen"), bool)):
        raise MakerError(f"{where}: a row says its “source” in words, and with “seen” whether a device showed it.")


def _match(file: MakerFile, row: Mapping[str, Any], where: str) -> None:
    object_id = oid_in(row["object_id"], where) if "object_id" in row else ()
    description = pattern_in(row["description"], where) if "description" in row else None
    if not object_id and description is None:
        raise MakerError(f"{where}: a match needs “object_id”, “description” or both.")
    brand = str(row.get("brand", file.maker))
    file.matches.append(Match(brand, object_id, description, str(row.get("like", "")), row["seen"]))


def _describe(file: MakerFile, row: Mapping[str, Any], where: str) -> None:
    pattern = pattern_in(row.get("pattern", ""), where)
    if not set(pattern.groupindex) & {"model", "firmware", "serial"}:
        raise MakerError(f"{where}: the pattern names none of the groups model, firmware and serial.")
    file.descriptions.append(pattern)
    if not row.get("changeable", False):
        file.firm_descriptions.append(pattern)


def _object(file: MakerFile, row: Mapping[str, Any], where: str) -> None:
    file.objects.setdefault(oid_in(row.get("oid"), where), []).append(row_in(row, where))


def _table(file: MakerFile, data: Mapping[str, Any], where: str) -> None:
    common = {"seen": data["seen"], "add": bool(data.get("add", False)), "source": data["source"]}
    rows: dict[str, Row] = {}
    patterns: list[tuple[re.Pattern[str], Row]] = []
    for key, row in dict(data.get("rows", {})).items():
        made = row_in({"meter": row} if isinstance(row, str) else row, f"{where}, row “{key}”", **common)
        if "*" in key:
            patterns.append((re.compile(re.escape(key.lower()).replace(r"\*", "[^/]*")), made))
        else:
            rows[key.lower()] = made
    if not rows and not patterns:
        raise MakerError(f"{where}: a table has “rows”.")
    keys = tuple(oid_in(key, where) for key in data.get("keys", ()))
    file.tables.append(Table(oid_in(data.get("value"), where), keys, rows, tuple(patterns)))


def _blob(file: MakerFile, data: Mapping[str, Any], where: str) -> None:
    layout: list[tuple[str, int]] = []
    for part in str(data.get("layout", "")).split():
        name, _, width = part.partition(":")
        if name not in _LAYOUT_PARTS or width not in {"1", "2", "4"}:
            raise MakerError(f"{where}: “{part}” is no part of a record; write for example “key:1 skip:1 length:1”.")
        layout.append((name, int(width)))
    if not {"key", "length"} <= {name for name, _ in layout}:
        raise MakerError(f"{where}: a record has a key and a length.")
    rows: dict[int, Row] = {}
    for key, row in dict(data.get("rows", {})).items():
        place = f"{where}, row “{key}”"
        try:
            number = int(key, 16)
        except ValueError as error:
            raise MakerError(f"{place}: the key is not hexadecimal.") from error
        made = {"octets": data.get("octets", 0), **({"meter": row} if isinstance(row, str) else row)}
        rows[number] = row_in(made, place, seen=data["seen"], source=data["source"])
    file.blobs[oid_in(data.get("oid"), where)] = Blob(tuple(layout), int(str(data.get("end", "ff")), 16), rows)


def _sum(file: MakerFile, row: Mapping[str, Any], where: str) -> None:
    parts = {part: tuple(row.get(part, ())) for part in ("plus", "optional", "minus")}
    for name in (str(row.get(Fact.METER)), *(name for names in parts.values() for name in names)):
        check_meter(name, where)
    if not parts["plus"]:
        raise MakerError(f"{where}: a sum has “plus”.")
    file.sums.append(Sum(str(row[Fact.METER]), **parts, unit=str(row.get("unit", "impressions"))))


_READERS = {
    "match": _match,
    "describe": _describe,
    "object": _object,
    "table": _table,
    "blob": _blob,
    "sum": _sum,
}
