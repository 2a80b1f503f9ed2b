"""Object identifiers: a tuple of integers everywhere but on the wire and before people."""

from __future__ import annotations

from functools import lru_cache

from platen.protocols.snmp.errors import SnmpError

Oid = tuple[int, ...]

ARCS_MAX = 128
"""RFC 2578 section 7.1.3."""
ARC_MAX = 2**32 - 1

# A fleet of any size has few models, and a model the same names on every device: nearly every name that comes in has
# come before. Strange long names are not worth a place.
_KNOWN_MAX = 16_384
_KNOWN_OCTETS_MAX = 48
KNOWN: dict[bytes, Oid] = {}
"""Content octets and what they stand for; public for the one loop that looks here without a call."""


def parse_oid(text: str) -> Oid:
    """ "1.3.6.1.2.1.43" or ".1.3.6.1.2.1.43" as a tuple. Raises: SnmpError."""
    parts = text.strip().removeprefix(".").split(".")
    if not all(part.isascii() and part.isdigit() and len(part) <= 10 for part in parts):
        raise SnmpError(f"“{text[:80]}” is not an object identifier; write for example 1.3.6.1.2.1.1.1.0.")
    oid = tuple(map(int, parts))
    _check(oid)
    return oid


@lru_cache(maxsize=16384)  # machines of a model have the same objects
def dotted(oid: Oid) -> str:
    """ "1.3.6.1.2.1.43": without a leading dot."""
    return ".".join(map(str, oid))


def in_subtree(oid: Oid, root: Oid) -> bool:
    """True if `oid` is `root` or below it."""
    return oid[: len(root)] == root


@lru_cache(maxsize=8192)
def encode_oid(oid: Oid) -> bytes:
    """The content octets of an OBJECT IDENTIFIER (X.690 section 8.19). Raises: SnmpError."""
    _check(oid)
    content = bytearray(_arc(oid[0] * 40 + oid[1]))
    for arc in oid[2:]:
        content += _arc(arc)
    return bytes(content)


def decode_oid(content: bytes) -> Oid:
    """The reverse. No octets at all, which some agents send for "none", are 0.0. Raises: SnmpError."""
    known = KNOWN.get(content)
    return known if known is not None else _decode(content)


def _decode(content: bytes) -> Oid:
    arcs: list[int] = []
    arc = 0
    for octet in content:
        arc = arc << 7 | octet & 0x7F
        if arc > (ARC_MAX if arcs else ARC_MAX + 80):  # the first number holds two arcs: 80 and more is 2 and the rest
            raise SnmpError("An object identifier has an arc of more than 32 bits.")
        if not octet & 0x80:
            arcs.append(arc)
            arc = 0
    if content and content[-1] & 0x80:
        raise SnmpError("An object identifier ends within an arc.")
    if len(arcs) >= ARCS_MAX:
        raise SnmpError(f"An object identifier has more than {ARCS_MAX} arcs.")
    first = arcs[0] if arcs else 0
    top = min(first // 40, 2)
    oid = (top, first - 40 * top, *arcs[1:])
    if len(content) <= _KNOWN_OCTETS_MAX:
        if len(KNOWN) >= _KNOWN_MAX:
            KNOWN.clear()
        KNOWN[content] = oid
    return oid


def _arc(arc: int) -> bytes:
    octets = [arc & 0x7F]
    while arc := arc >> 7:
        octets.append(arc & 0x7F | 0x80)
    return bytes(reversed(octets))


def _check(oid: Oid) -> None:
    if not 2 <= len(oid) <= ARCS_MAX:
        raise SnmpError(f"An object identifier has 2 to {ARCS_MAX} arcs, not {len(oid)}.")
    if not all(0 <= arc <= ARC_MAX for arc in oid) or oid[0] > 2 or (oid[0] < 2 and oid[1] >= 40):
        raise SnmpError(f"{dotted(oid)[:80]} is not an object identifier: an arc is out of range.")
