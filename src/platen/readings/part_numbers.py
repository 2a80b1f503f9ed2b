"""Part and serial numbers that makers write into a supply's description."""

from __future__ import annotations

import re
from functools import lru_cache

_SERIAL = re.compile(r"(?:S/?N|serial(?:\s*(?:number|no\.?))?)\s*[:#=]?\s*([0-9A-Z][0-9A-Z-]{5,31})", re.IGNORECASE)
_PART = re.compile(r"(?:P/?N|PN|part(?:\s*(?:number|no\.?))?)\s*[:#=]?\s*([0-9A-Z][0-9A-Z-]{3,23})", re.IGNORECASE)
# CF400X, TK-8527C, 106R01485, T9441, SJIC35P-BK, TN-421BK, 52D2X00: letters and at least two digits.
_TYPICAL = re.compile(
    r"(?<![0-9A-Z-])(?=[0-9A-Z/-]{4})(?=[0-9A-Z/-]*[A-Z])(?=[0-9A-Z/-]*[0-9][0-9A-Z]*[0-9])[0-9A-Z]+(?:[/-][0-9A-Z]+)*(?![0-9A-Z])"
)

_VOLTAGE = re.compile(r"\b\d{3}V-")
"""In front of kits that there are for each: "110V-Q7832A, 220V-Q7833A"."""


@lru_cache(maxsize=8192)
def serial_of(description: str) -> str:
    """The serial number in "Black Toner;SN1234567890" or "S/N: CRUM-18041200345"; "" without one."""
    match = _SERIAL.search(description)
    return match[1] if match and any(letter.isdigit() for letter in match[1]) else ""


@lru_cache(maxsize=8192)
def part_of(description: str) -> str:
    """The part number: what is marked as one, else the last word that looks like one; "" without either."""
    match = _PART.search(description)
    if match and any(letter.isdigit() for letter in match[1]):
        return match[1]
    serial = serial_of(description)
    words = [word for word in _TYPICAL.findall(_VOLTAGE.sub(" ", description)) if not serial or serial not in word]
    return words[-1] if words else ""
