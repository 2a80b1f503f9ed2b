"""Basic Encoding Rules as SNMP restricts them (RFC 3417 section 8): definite lengths, tags of one octet.

Reading is lenient where devices err and nothing is lost by it: lengths with superfluous octets, integers of any
width up to `INTEGER_OCTETS_MAX`, integers without octets. It is strict about bounds: no length leads beyond its parent.
"""

from __future__ import annotations

from platen.protocols.snmp.errors import SnmpError

INTEGER_OCTETS_MAX = 16
"""A Counter64 takes 9 at most; agents that pad have been content with a few more."""
LENGTH_OCTETS_MAX = 8
SEQUENCE = 0x30


def read_header(data: bytes, pos: int, end: int) -> tuple[int, int, int]:
    """The tag at `pos`, where its content starts, and where that stops (exclusive, never beyond `end`).

    Raises: SnmpError.
    """
    if pos + 2 > end:
        raise SnmpError(f"The message ends at octet {pos} where a tag and a length should stand.")
    tag = data[pos]
    length = data[pos + 1]
    start = pos + 2
    if length & 0x80:
        octets = length & 0x7F
        if not 0 < octets <= LENGTH_OCTETS_MAX:
            raise SnmpError(f"The length at octet {pos + 1} has the form {length:#04x}, which SNMP does not use.")
        if start + octets > end:
            raise SnmpError(f"The message ends within the length at octet {pos + 1}.")
        length = int.from_bytes(data[start : start + octets], "big")
        start += octets
    stop = start + length
    if stop > end:
        raise SnmpError(f"The element at octet {pos} claims {length} octets where {end - start} are left.")
    return tag, start, stop


def expect(data: bytes, pos: int, end: int, tag: int, what: str) -> tuple[int, int]:
    """Where the content of the element at `pos` starts and stops. Raises: SnmpError naming `what` on another tag."""
    found, start, stop = read_header(data, pos, end)
    if found != tag:
        raise SnmpError(f"Octet {pos} should begin the {what} (tag {tag:#04x}) but is {found:#04x}.")
    return start, stop


def read_integer(data: bytes, pos: int, end: int, what: str) -> tuple[int, int]:
    """The signed INTEGER at `pos` and the position after it. Raises: SnmpError."""
    start, stop = expect(data, pos, end, 0x02, what)
    return integer_of(data[start:stop]), stop


def integer_of(content: bytes) -> int:
    """Two's complement of any width up to the limit; no octets are zero. Raises: SnmpError."""
    if len(content) > INTEGER_OCTETS_MAX:
        raise SnmpError(f"An integer has {len(content)} octets; {INTEGER_OCTETS_MAX} are the most that is read.")
    return int.from_bytes(content, "big", signed=True)


def encode_length(length: int) -> bytes:
    """The shortest form."""
    if length < 0x80:
        return bytes((length,))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(octets),)) + octets


def element(tag: int, content: bytes) -> bytes:
    """Tag, length, content."""
    return bytes((tag,)) + encode_length(len(content)) + content


def encode_integer(value: int, tag: int = 0x02) -> bytes:
    """The shortest two's complement; unsigned types are encoded with it as well (RFC 2578 section 7.1.6)."""
    octets = value.to_bytes((value + (value < 0)).bit_length() // 8 + 1, "big", signed=True)
    return bytes((tag, len(octets))) + octets
