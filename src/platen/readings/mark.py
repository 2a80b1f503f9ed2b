"""The object by which a machine is known again at every reading: its serial number, else its hardware address.

Two machines of one model answer the same questions. Where they change places without being switched off, nothing but
this tells that the meters at an address are another machine's now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.facts import Identity
from platen.readings.identity import plausible_serial
from platen.readings.makers import MakerTable, table_of_identity
from platen.readings.physical_address import as_mac
from platen.readings.text import decoded

_USUAL = (*o.PRT_GENERAL_SERIAL_NUMBER, 1)
_SERIALS = (o.PRT_GENERAL_SERIAL_NUMBER, o.ENT_PHYSICAL_SERIAL_NUM)


def mark_of(raw: Mapping[Oid, Value], identity: Identity) -> Oid | None:
    """Of everything that a machine answered the object that says `identity`'s serial number, or else its hardware
    address, and nothing else; None where it has no such object."""
    if identity.serial and _says(_USUAL, raw.get(_USUAL), identity, None):
        return _USUAL
    table = table_of_identity(identity)
    return next((oid for oid in _candidates(raw, table) if _says(oid, raw[oid], identity, table)), None)


def says_the_same(mark: Oid, value: Value, identity: Identity, table: MakerTable | None) -> bool:
    """Whether what a mark says now is still what it said of this identity. table: private objects of its maker."""
    # As nearly all machines write it; only the others are looked at twice.
    return value == identity.serial.encode() or _says(mark, value, identity, table)


def _candidates(raw: Mapping[Oid, Value], table: MakerTable | None) -> Iterator[Oid]:
    for column in _SERIALS:
        yield from sorted(oid for oid in raw if oid[: len(column)] == column)
    if table is not None:
        yield from (oid for oid in table.serials if oid in raw)
    yield from sorted(oid for oid in raw if oid[: len(o.IF_PHYS_ADDRESS)] == o.IF_PHYS_ADDRESS)


def _says(mark: Oid, value: Value, identity: Identity, table: MakerTable | None) -> bool:
    if mark[: len(o.IF_PHYS_ADDRESS)] == o.IF_PHYS_ADDRESS:
        return isinstance(value, bytes) and bool(identity.mac) and as_mac(value) == identity.mac
    if any(mark[: len(column)] == column for column in _SERIALS):
        text = decoded(value) if isinstance(value, bytes) else str(value) if isinstance(value, int) else ""
    else:
        text = "" if table is None else table.facts({mark: value}).identity.get("serial", "")
    return bool(identity.serial) and plausible_serial(text) == identity.serial
