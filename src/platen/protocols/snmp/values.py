"""The types of SMIv2 (RFC 2578 section 7.1) and variable bindings.

A value is plain: `int` for every number, `bytes` for OCTET STRING, IpAddress (4 octets) and Opaque, a tuple for an
OBJECT IDENTIFIER, None for NULL and for the three exceptions that say that something is missing.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import NamedTuple

from platen.protocols.snmp.ber import INTEGER_OCTETS_MAX, SEQUENCE, element, encode_integer, integer_of, read_header
from platen.protocols.snmp.errors import SnmpError
from platen.protocols.snmp.oids import KNOWN, Oid, decode_oid, dotted, encode_oid

Value = int | bytes | Oid | None


class Tag(enum.IntEnum):
    """The tag of a value on the wire."""

    INTEGER = 0x02
    OCTET_STRING = 0x04
    NULL = 0x05
    OBJECT_IDENTIFIER = 0x06
    IP_ADDRESS = 0x40
    COUNTER32 = 0x41
    GAUGE32 = 0x42
    """Also Unsigned32: one tag for both."""
    TIME_TICKS = 0x43
    OPAQUE = 0x44
    COUNTER64 = 0x46
    UINTEGER32 = 0x47
    """Of SNMPv2's first draft (RFC 1442); some agents still send it."""
    NO_SUCH_OBJECT = 0x80
    NO_SUCH_INSTANCE = 0x81
    END_OF_MIB_VIEW = 0x82


MISSING = frozenset({0x80, 0x81, 0x82})
"""The tags that stand for no value (RFC 3416 section 3)."""
_MASKS = {0x41: 2**32 - 1, 0x42: 2**32 - 1, 0x43: 2**32 - 1, 0x46: 2**64 - 1, 0x47: 2**32 - 1}
"""The greatest value of each unsigned type."""
_TICKS = 0x43
_NUMBERS = frozenset({0x02, *_MASKS})
_OCTETS = frozenset({0x04, 0x40, 0x44})


class VarBind(NamedTuple):
    """A name with its value. `tag` is a plain int that equals a Tag; an agent may invent others, with bytes."""

    oid: Oid
    tag: int
    value: Value

    @property
    def missing(self) -> bool:
        """True if the agent says that there is nothing here."""
        return self.tag in MISSING

    def __str__(self) -> str:
        name = Tag(self.tag).name.lower() if self.tag in Tag._value2member_map_ else f"tag {self.tag:#04x}"
        shown = dotted(self.value) if isinstance(self.value, tuple) else repr(self.value)
        return f"{dotted(self.oid)} = {name} {shown}"


_make = tuple.__new__


def unset(oid: Oid) -> VarBind:
    """A name without a value, as requests carry it."""
    return VarBind(oid, Tag.NULL, None)


def encode_varbind(oid: Oid, tag: int, value: Value) -> bytes:
    """Raises: SnmpError if the value does not fit its tag."""
    return element(SEQUENCE, element(0x06, encode_oid(oid)) + encode_value(tag, value))


def encode_varbinds(varbinds: Iterable[VarBind]) -> bytes:
    """A VarBindList with its header. Raises: SnmpError."""
    return element(SEQUENCE, b"".join([encode_varbind(*varbind) for varbind in varbinds]))


def encode_value(tag: int, value: Value) -> bytes:
    """A value with its header. Raises: SnmpError if the value does not fit the tag."""
    if tag == Tag.INTEGER and isinstance(value, int) and -(2**31) <= value < 2**31:
        return encode_integer(value)
    if tag in _MASKS and isinstance(value, int) and 0 <= value <= _MASKS[tag]:
        return encode_integer(value, tag)
    if tag in _OCTETS and isinstance(value, bytes) and (tag != Tag.IP_ADDRESS or len(value) == 4):
        return element(tag, value)
    if tag == Tag.OBJECT_IDENTIFIER and isinstance(value, tuple):
        return element(tag, encode_oid(value))
    if (tag == Tag.NULL or tag in MISSING) and value is None:
        return bytes((tag, 0))
    raise SnmpError(f"{value!r:.60} is not a value of the type with tag {tag:#04x}.")


def decode_value(tag: int, content: bytes) -> Value:
    """The value that the content octets of `tag` stand for.

    An unsigned number that came as a negative one, from agents that count in signed numbers, is read modulo its width.
    One that is wider than its type stays as it was said, so that whoever reads it can doubt it; but TimeTicks are a
    time modulo 2**32 (RFC 2578 section 7.1.8). A tag that SNMP does not know gives its octets. Raises: SnmpError.
    """
    if tag in _OCTETS:
        return content
    if tag == 0x02:
        return integer_of(content)
    if tag in _MASKS:
        return _unsigned(tag, integer_of(content))
    if tag == 0x06:
        return decode_oid(content)
    if tag == 0x05 or tag in MISSING:
        return None
    return content


def _unsigned(tag: int, value: int) -> int:
    mask = _MASKS[tag]
    return value & mask if tag == _TICKS or -mask // 2 <= value <= mask else value


def decode_varbinds(data: bytes, pos: int, end: int) -> list[VarBind]:
    """The variable bindings between two positions, which are the content of a VarBindList. Raises: SnmpError.

    One loop without calls for what agents send nearly always, short lengths and types of everyday: a sweep of a fleet
    spends most of its time here. Anything else goes through `read_header` and `decode_value`.
    """
    found: list[VarBind] = []
    add = found.append
    known = KNOWN.get
    number = int.from_bytes
    while pos < end:
        # Six octets are the shortest binding; `value_start <= stop <= end` is looked at before the octets it covers.
        if pos + 6 <= end and data[pos] == 0x30 and (size := data[pos + 1]) < 0x80 and data[pos + 2] == 0x06:
            stop = pos + 2 + size
            pos += 4
            name_end = pos + data[pos - 1]
            value_start = name_end + 2
            if value_start <= stop <= end and (size := data[name_end + 1]) < 0x80:
                value_end = value_start + size
                if value_end > stop:
                    raise SnmpError(f"The value at octet {name_end} leads beyond its variable binding.")
                name = data[pos:name_end]
                tag = data[name_end]
                content = data[value_start:value_end]
                value: Value
                if tag == 0x04:
                    value = content
                elif tag in _NUMBERS and size <= INTEGER_OCTETS_MAX:
                    value = number(content)
                    if size and content[0] & 0x80:
                        value -= 1 << 8 * size
                    if (value < 0 or size > 4) and tag != 0x02:
                        value = _unsigned(tag, value)
                else:
                    value = decode_value(tag, content)
                add(_make(VarBind, (known(name) or decode_oid(name), tag, value)))
                pos = stop
                continue
            pos -= 4
        varbind, pos = _decode_carefully(data, pos, end)
        add(varbind)
    return found


def _decode_carefully(data: bytes, pos: int, end: int) -> tuple[VarBind, int]:
    tag, start, stop = read_header(data, pos, end)
    if tag != SEQUENCE:
        raise SnmpError(f"Octet {pos} should begin a variable binding (tag 0x30) but is {tag:#04x}.")
    tag, name_start, name_end = read_header(data, start, stop)
    if tag != 0x06:
        raise SnmpError(f"Octet {start} should begin an object identifier (tag 0x06) but is {tag:#04x}.")
    tag, value_start, value_end = read_header(data, name_end, stop)
    return VarBind(decode_oid(data[name_start:name_end]), tag, decode_value(tag, data[value_start:value_end])), stop
