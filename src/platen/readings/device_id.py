"""The identification string of IEEE 1284: `MFG:Brother;CMD:PJL,HBP;MDL:DCP-9020CDW series;CLS:PRINTER;`."""

from __future__ import annotations

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


def parse_device_id(text: str) -> dict[str, str]:
    """Keys in capitals and in their short form; of a repeated key the first value. What has no colon is left out."""
    found: dict[str, str] = {}
    for part in text.split(";", _KEYS_MAX)[:_KEYS_MAX]:
        key, colon, value = part.partition(":")
        key = key.strip().upper()
        if colon and value.strip():
            found.setdefault(_LONG_NAMES.get(key, key), value.strip())
    return found
