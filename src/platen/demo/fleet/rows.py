"""Rows of tables as an agent has them: a column after the other, each with the values of all rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from platen.demo.fleet.living import Living
from platen.protocols.snmp.ber import element, encode_integer
from platen.protocols.snmp.oids import Oid, parse_oid
from platen.protocols.snmp.values import Tag

Rows = Iterator[tuple[Oid, bytes | Living]]
MIB_2 = parse_oid("1.3.6.1.2.1")


def text(words: str) -> bytes:
    """An OCTET STRING of UTF-8."""
    return element(Tag.OCTET_STRING, words.encode())


def table(entry: str, columns: dict[int, Sequence[object]], *prefix: int) -> Rows:
    """Rows of a table: numbers, texts, or values that are encoded or alive, a sequence for each column.

    entry: below mib-2. prefix: what the index of each row begins with; it ends with 1, 2, 3 …
    """
    root = (*MIB_2, *parse_oid(f"0.0.{entry}")[2:])
    for column, values in columns.items():
        for index, value in enumerate(values, 1):
            yield (*root, column, *prefix, index), encoded(value)


def encoded(value: object) -> bytes | Living:
    if isinstance(value, int):
        return encode_integer(value)
    return text(value) if isinstance(value, str) else value  # type: ignore[return-value]  # bytes or Living
