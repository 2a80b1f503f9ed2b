"""Requests that are encoded once and sent to many, and answers read in two steps.

A fleet is asked the same few questions over and over: of a request only the request-id differs from device to device,
and the community from site to site. So a request is kept as the octets before its request-id and those behind it.

The request-id takes three octets on the wire: 8 million of them are enough for any number of requests under way, and
a fourth would travel twice with every request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from platen.protocols.snmp.ber import (
    SEQUENCE,
    element,
    encode_integer,
    encode_length,
    expect,
    read_header,
    read_integer,
)
from platen.protocols.snmp.errors import SnmpError
from platen.protocols.snmp.messages import Pdu, PduKind, Version, decode_rest
from platen.protocols.snmp.oids import Oid
from platen.protocols.snmp.values import VarBind, encode_varbinds, unset

REQUEST_ID_MIN = 0x8000
REQUEST_ID_MAX = 0x7F_FFFF
"""Between them, both included, the shortest encoding has three octets."""
_ID_OCTETS = 3
_FRAMES_MAX = 64
"""Communities kept for each request: a fleet has a handful."""


class Prepared:
    """A request without its request-id. Make it with `get`, `get_next`, `get_bulk` or `set_values`, and keep it."""

    __slots__ = ("_frames", "_pdu_head", "_rest", "kind", "max_repetitions", "non_repeaters", "oids", "varbinds")

    def __init__(
        self, kind: PduKind, varbinds: Iterable[VarBind], *, non_repeaters: int = 0, max_repetitions: int = 0
    ) -> None:
        self.kind = kind
        self.varbinds = tuple(varbinds)
        self.oids: list[Oid] = [varbind.oid for varbind in self.varbinds]
        self.non_repeaters = non_repeaters
        self.max_repetitions = max_repetitions
        self._rest = encode_integer(non_repeaters) + encode_integer(max_repetitions) + encode_varbinds(self.varbinds)
        content = 2 + _ID_OCTETS + len(self._rest)
        self._pdu_head = bytes((kind,)) + encode_length(content) + bytes((0x02, _ID_OCTETS))
        self._frames: dict[tuple[Version, bytes], bytes] = {}

    @classmethod
    def get(cls, oids: Sequence[Oid]) -> Prepared:
        """Raises: SnmpError, as all of these, on a name that cannot be encoded."""
        return cls(PduKind.GET, map(unset, oids))

    @classmethod
    def get_next(cls, oids: Sequence[Oid]) -> Prepared:
        return cls(PduKind.GET_NEXT, map(unset, oids))

    @classmethod
    def get_bulk(cls, non_repeaters: Sequence[Oid], repeaters: Sequence[Oid], max_repetitions: int) -> Prepared:
        """The successors of `non_repeaters` once each, then up to `max_repetitions` rows of those of `repeaters`."""
        return cls(
            PduKind.GET_BULK,
            map(unset, (*non_repeaters, *repeaters)),
            non_repeaters=len(non_repeaters),
            max_repetitions=max_repetitions,
        )

    @classmethod
    def set_values(cls, varbinds: Sequence[VarBind]) -> Prepared:
        return cls(PduKind.SET, varbinds)

    def message(self, version: Version, community: bytes, request_id: int) -> bytes:
        """The octets to send. Raises: SnmpError if SNMPv1 is asked for a GETBULK, or the id has not three octets."""
        head = self._frames.get((version, community))
        if head is None:
            head = self._frame(version, community)
        return head + _id(request_id) + self._rest

    def pdu(self, request_id: int) -> bytes:
        """The PDU alone, as SNMPv3 carries it."""
        return self._pdu_head + _id(request_id) + self._rest

    def _frame(self, version: Version, community: bytes) -> bytes:
        if version is Version.V1 and self.kind is PduKind.GET_BULK:
            raise SnmpError("SNMPv1 has no GETBULK; ask with GETNEXT.")
        before = encode_integer(version) + element(0x04, community) + self._pdu_head
        head = bytes((SEQUENCE,)) + encode_length(len(before) + _ID_OCTETS + len(self._rest)) + before
        if len(self._frames) >= _FRAMES_MAX:
            self._frames.clear()
        self._frames[version, community] = head
        return head


class Head(NamedTuple):
    """What tells whose answer a message is; the rest of it has not been looked at."""

    version: int
    kind: PduKind | None
    """None with SNMPv3, where the PDU may be encrypted."""
    request_id: int
    """With SNMPv3 the msgID, for which we use the same numbers."""
    pos: int
    """Where the PDU goes on, behind the request-id; with SNMPv3 where msgGlobalData goes on behind the msgID."""
    end: int
    """Where the PDU ends, with SNMPv3 msgGlobalData."""


_KINDS = {int(kind): kind for kind in PduKind}


def read_head(data: bytes) -> Head:
    """The beginning of a message of any version. Raises: SnmpError, also on a trap of SNMPv1."""
    start, end = expect(data, 0, len(data), SEQUENCE, "message")
    version, pos = read_integer(data, start, end, "version")
    if version == Version.V3:
        start, end = expect(data, pos, end, SEQUENCE, "header of SNMPv3")
        message_id, pos = read_integer(data, start, end, "msgID")
        return Head(version, None, message_id, pos, end)
    if version not in (Version.V1, Version.V2C):
        raise SnmpError(f"The message is of version number {version}; 0 is SNMPv1, 1 SNMPv2c, 3 SNMPv3.")
    _, pos = expect(data, pos, end, 0x04, "community")
    tag, pos, end = read_header(data, pos, end)
    kind = _KINDS.get(tag)
    if kind is None or kind is PduKind.TRAP_V1:
        raise SnmpError(f"The message carries {tag:#04x}, which is no PDU with a request-id.")
    request_id, pos = read_integer(data, pos, end, "request-id")
    return Head(version, kind, request_id, pos, end)


def read_rest(data: bytes, head: Head) -> Pdu:
    """The PDU whose beginning was read. Raises: SnmpError, also on SNMPv3, whose PDUs lie deeper."""
    if head.kind is None:
        raise SnmpError("A message of SNMPv3 came where one with a community was expected.")
    return decode_rest(data, head.pos, head.end, head.kind, head.request_id)


def _id(request_id: int) -> bytes:
    if not REQUEST_ID_MIN <= request_id <= REQUEST_ID_MAX:
        raise SnmpError(f"{request_id} is not a request-id of three octets.")
    return request_id.to_bytes(_ID_OCTETS, "big")
