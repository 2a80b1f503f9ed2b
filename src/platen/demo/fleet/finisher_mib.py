"""What an invented model finishes with (RFC 3806), and by which ports it takes documents (PWG 5107.1)."""

from __future__ import annotations

from platen.demo.fleet.blueprint import Blueprint
from platen.demo.fleet.rows import MIB_2, Rows, encoded, table
from platen.protocols.snmp.ber import element
from platen.protocols.snmp.oids import parse_oid
from platen.protocols.snmp.values import Tag

_ATTRIBUTE_ENTRY = (*MIB_2, 43, 33, 1, 1)
_PORT_ENTRY = parse_oid("1.3.6.1.4.1.2699.1.2.1.3.1.1")
_ON, _IDLE, _SHEETS, _UNKNOWN, _NO_INTEGER = 3, 0, 8, -2, -2
_FIRST = element(Tag.OCTET_STRING, b"\x80")
"""A set of bits in which only that of the first media path or output is."""
_LPD, _RAW, _IPP = 8, 11, 44  # PrtChannelTypeTC
_PORTS = ((_LPD, "lpr://127.0.0.1:515/print", 515), (_RAW, "", 9100), (_IPP, "http://127.0.0.1:631/ipp/print", 631))


def finishing(made: Blueprint) -> Rows:
    """finDeviceTable and finDeviceAttributeTable. What is stapled with stands among the supplies."""
    parts = made.finishers
    count = len(parts)
    yield from table(
        "43.30.1.1",
        {
            2: [part.type for part in parts],
            3: [_ON] * count,
            4: [_SHEETS] * count,
            5: [part.capacity or _UNKNOWN for part in parts],
            6: [_UNKNOWN] * count,
            7: [_FIRST] * count,
            8: [_FIRST] * count,
            9: [_IDLE] * count,
            10: [part.name for part in parts],
        },
        1,
    )
    for row, part in enumerate(parts, 1):
        for kind, values in part.abilities.items():
            for instance, value in enumerate(values, 1):
                index = (1, row, kind, instance)
                yield (*_ATTRIBUTE_ENTRY, 3, *index), encoded(value if isinstance(value, int) else _NO_INTEGER)
                yield (*_ATTRIBUTE_ENTRY, 4, *index), encoded(value if isinstance(value, str) else "")


def ports(made: Blueprint) -> Rows:
    """ppmPortTable."""
    for row, (protocol, uri, number) in enumerate(_PORTS, 1):
        name = f"{made.model} {number}"
        for column, value in {2: 1, 3: name, 4: uri, 5: protocol, 6: number}.items():
            yield (*_PORT_ENTRY, column, 1, row), encoded(value)
