"""By which ways documents reach a machine: ppmPortTable (PWG 5107.1), and prtChannelTable (RFC 3805) beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from platen.protocols.snmp import Oid, dotted
from platen.readings import objects as o
from platen.readings.facts import Port
from platen.readings.tables import Tables

PORTS_MAX = 32
LPD, PORT_9100, PORT_TCP, BIDIR_PORT_TCP, IPP = 8, 11, 37, 38, 44
_PROTOCOLS = {
    3: "serial",
    4: "parallel",
    5: "parallel",
    7: "appletalk",
    LPD: "lpd",
    9: "netware",
    10: "netware",
    PORT_9100: "raw",
    12: "app-socket",
    13: "ftp",
    14: "tftp",
    18: "fax",
    27: "smb",
    33: "npap",
    34: "usb",
    35: "irda",
    PORT_TCP: "raw",
    BIDIR_PORT_TCP: "raw",
    40: "appletalk",
    41: "spx",
    42: "http",
    43: "ndps",
    IPP: "ipp",
    45: "smtp",
}
"""PrtChannelTypeTC, in the words by which the protocols are known."""
_USUAL = {"lpd": 515, "ipp": 631, "ftp": 21, "http": 80, "smtp": 25}
_RAW = 9100
_BY_NUMBER = {515: "lpd", 631: "ipp", _RAW: "raw"}
TELLING = frozenset({LPD, PORT_TCP, BIDIR_PORT_TCP, IPP})
"""Types of which prtChannelInformation says something: a queue, a number, a URI."""
_ACCEPTS, _ACCEPTS_NOT = 3, 4  # PrtChannelStateTC
_TRUE, _FALSE = 1, 2  # TruthValue
_PORT_MAX = 65_535
_PAIR = re.compile(r"([A-Za-z]{1,20})\s*=\s*(\S{1,255})")
_QUEUE = re.compile(r"[\w.+~/-]{1,127}")


def read_ports(tables: Tables) -> tuple[Port, ...]:
    """Ports by name, then what channels there are beside them, each protocol and number once.

    Rows of which nothing but their first column is known were not asked for: they came behind something else.
    """
    found = list(_named(tables))
    for channel in _channels(tables):
        if not any(_is_of(channel, port) for port in found):
            found.append(channel)
    return tuple(found[:PORTS_MAX])


def _is_of(channel: Port, port: Port) -> bool:
    """A channel does not always say its number or its queue; a port of its protocol is it then."""
    return (
        channel.protocol == port.protocol
        and channel.number in {None, port.number}
        and channel.resource in {"", port.resource}
    )


def _named(tables: Tables) -> Iterator[Port]:
    for index in tables.rows(o.PPM_PORT_PROTOCOL_TYPE)[:PORTS_MAX]:
        type_ = tables.number(o.PPM_PORT_PROTOCOL_TYPE, index)
        number = tables.number(o.PPM_PORT_PROTOCOL_TARGET_PORT, index)
        protocol = _protocol(type_) or _BY_NUMBER.get(number or 0, "")
        if not protocol:
            continue
        yield Port(
            key=f"port.{'.'.join(map(str, index))}",
            protocol=protocol,
            number=_number(number) or _usual(type_, protocol),
            name=tables.text(o.PPM_PORT_NAME, index),
            resource=resource_of(tables.text(o.PPM_PORT_SERVICE_NAME_OR_URI, index)),
            takes_documents=_said(tables, o.PPM_PORT_ENABLED, index, _TRUE, _FALSE),
            source=dotted((*o.PPM_PORT_ENABLED, *index)),
        )


def _channels(tables: Tables) -> Iterator[Port]:
    for index in tables.rows(o.PRT_CHANNEL_STATE)[:PORTS_MAX]:
        type_ = tables.number(o.PRT_CHANNEL_TYPE, index)
        protocol = _protocol(type_)
        if not protocol:
            continue
        told = dict(_PAIR.findall(tables.text(o.PRT_CHANNEL_INFORMATION, index)))
        told = {name.casefold(): value for name, value in told.items()}
        port = told.get("port", "")
        yield Port(
            key=f"channel.{'.'.join(map(str, index))}",
            protocol=protocol,
            number=_number(int(port) if port.isdecimal() and len(port) <= 5 else None)
            or _port_of(told.get("uri", ""))
            or _usual(type_, protocol),
            resource=resource_of(told.get("queue") or told.get("uri", "")),
            takes_documents=_said(tables, o.PRT_CHANNEL_STATE, index, _ACCEPTS, _ACCEPTS_NOT),
            source=dotted((*o.PRT_CHANNEL_TYPE, *index)),
        )


def resource_of(said: str) -> str:
    """Of a URI its path, of the name of a queue that name. "lpr://192.0.2.7:515/PASSTHRU" is "PASSTHRU"."""
    if "://" not in said:
        return said if _QUEUE.fullmatch(said) else ""
    try:
        parts = urlsplit(said)
    except ValueError:
        return ""
    return parts.path.strip("/") if parts.scheme in {"lpr", "lpd"} else parts.path.rstrip("/")


def _port_of(uri: str) -> int | None:
    try:
        return _number(urlsplit(uri).port)
    except ValueError:
        return None


def _protocol(type_: int | None) -> str:
    """The number itself where it has no name; nothing for "other"."""
    if type_ is None or type_ <= 1:
        return ""
    return _PROTOCOLS.get(type_, str(type_))


def _usual(type_: int | None, protocol: str) -> int | None:
    """The number by which everybody knows it; the type 11 is named for its number."""
    return _RAW if type_ == PORT_9100 else _USUAL.get(protocol)


def _number(number: int | None) -> int | None:
    return number if number is not None and 0 < number <= _PORT_MAX else None


def _said(tables: Tables, column: Oid, index: Oid, yes: int, no: int) -> bool | None:
    return {yes: True, no: False}.get(tables.number(column, index) or 0)
