"""How makers write values: numbers in texts, symbol sets before texts, records in octet strings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from platen.protocols.snmp import Value
from platen.readings.makers_rows import Blob, Encoding, Row
from platen.readings.text import decoded

RECORDS_MAX = 512
"""Of one octet string; the most that was seen are 31."""

Words = tuple[int | None, str]
"""What a machine declares of its texts: the character set as IANA's MIBenum, the language."""

_DIGITS = re.compile(rb"\s*(\d{1,15})(?:\D|$)")
_NUMBER_MAX = 2**63 - 1


def number_of(value: Value) -> int | None:
    """A number that is not negative, whether it came as such or as the beginning of a text."""
    if isinstance(value, int):
        return value if 0 <= value <= _NUMBER_MAX else None
    if isinstance(value, bytes):
        digits = _DIGITS.match(value)
        return int(digits[1]) if digits else None
    return None


def text_of(row: Row, value: Value, words: Words) -> str:
    """The text that a value holds for this row; "" where it holds none."""
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, bytes):
        return ""
    octets, charset = _pml(value) if row.encoding is Encoding.PML_TEXT else (value, words[0])
    text = decoded(octets, charset, words[1])
    if row.encoding is Encoding.DEVICE_ID:
        text = device_id(text).get(row.key, "")
    if row.pattern is not None:
        found = row.pattern.search(text)
        text = (found["value"] or "").strip() if found else ""
    return text


_ROMAN_8, _LATIN_1 = 2004, 4
_SYMBOL_SETS = {0x0115: _ROMAN_8, 0x000E: _LATIN_1}  # 8U, 0N
"""PCL's symbol sets that occur, as IANA's MIBenum."""


def _pml(octets: bytes) -> tuple[bytes, int | None]:
    """Text and character set of a PML string. Some machines leave the symbol set out: then a letter comes first.

    Only the first line counts: two digits that are no part of it were seen behind a serial number.
    """
    if len(octets) >= 2 and octets[0] < 0x20:
        charset = _SYMBOL_SETS.get(int.from_bytes(octets[:2], "big"))
        octets = octets[2:]
    else:
        charset = None
    return octets.split(b"\n", 1)[0], charset


_LONG_KEYS = {"MANUFACTURER": "MFG", "MODEL": "MDL", "COMMAND SET": "CMD", "DESCRIPTION": "DES", "CLASS": "CLS"}
_SERIAL_KEYS = ("SN", "SERN", "SERIALNUMBER", "SER")


def device_id(text: str) -> dict[str, str]:
    """IEEE 1284-2000 section 7.6: `KEY:value;` pairs by their short keys; a serial number is under "SN"."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        key, colon, value = part.partition(":")
        key = key.strip().upper()
        if colon and value.strip():
            found.setdefault(_LONG_KEYS.get(key, key), value.strip())
    serial = next((found[key] for key in _SERIAL_KEYS if key in found), "")
    return {**found, "SN": serial} if serial else found


def records(blob: Blob, octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Key and value of each record of an octet string. Ends at the end mark, or where a record is not whole."""
    at = 0
    for _ in range(RECORDS_MAX):
        if at >= len(octets) or octets[at] == blob.end:
            return
        key, length = 0, 0
        for part, width in blob.layout:
            number = int.from_bytes(octets[at : at + width], "big")
            key = number if part == "key" else key
            length = number if part == "length" else length
            at += width
        if at + length > len(octets) or length == 0:
            return
        yield key, octets[at : at + length]
        at += length


def record_number(row: Row, octets: bytes) -> tuple[int, int | None]:
    """The number that a record's value holds, and of how much it is; None where it does not say."""
    if row.encoding is Encoding.LEVEL_OF and len(octets) % 2 == 0:
        half = len(octets) // 2
        return int.from_bytes(octets[:half], "big"), int.from_bytes(octets[half:], "big")
    return int.from_bytes(octets, "big"), None
