"""The identification string of IEEE 1284: `MFG:Brother;CMD:PJL,HBP;MDL:DCP-9020CDW series;CLS:PRINTER;`."""

from __future__ import annotations

import re

_LONG_NAMES = {
    "MANUFACTURER": "MFG",
    "MODEL": "MDL",
    "COMMAND SET": "CMD",
    "CLASS": "CLS",
    "DESCRIPTION": "DES",
    "SERIALNUMBER": "SN",
    "SERIAL NUMBER": "SN",
    "SERN": "SN",
    "SER": "SN",
}
_KEYS_MAX = 64
# A letter, then letters and digits, each as two digits of base 16: how Epson writes its serial numbers here.
_SPELT = re.compile(r"(?:4[1-9A-F]|5[0-9A])(?:3[0-9]|4[1-9A-F]|5[0-9A]){7,11}", re.IGNORECASE)


def parse_device_id(text: str) -> dict[str, str]:
    """Keys in capitals and in their short form; of a repeated key the first value. What has no colon is left out."""
    found: dict[str, str] = {}
    for part in text.split(";", _KEYS_MAX)[:_KEYS_MAX]:
        key, colon, value = part.partition(":")
        key = key.strip().upper()
        if colon and value.strip():
            found.setdefault(_LONG_NAMES.get(key, key), value.strip())
    if "epson" in found.get("MFG", "").casefold() and _SPELT.fullmatch(found.get("SN", "")):
        found["SN"] = bytes.fromhex(found["SN"]).decode("ascii")
    return found
