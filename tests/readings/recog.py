"""Descriptions of real machines with who made them, from the fingerprints of the recog project."""

from __future__ import annotations

import functools
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field

from platen.readings.makers import maker_table
from tests.walks import SNMP

_NAMES = {
    "Konica": "Konica Minolta",
    "Minolta": "Konica Minolta",
    "Minolta-QMS": "Konica Minolta",
    "QMS": "Konica Minolta",
    "Konica-Minolta": "Konica Minolta",
    "Hewlett-Packard": "HP",
    "Oki Data": "OKI",
    "Oki": "OKI",
    "Okidata": "OKI",
    "Oce": "Océ",
    "Toshiba Tec": "Toshiba",
    "Kyocera Mita": "Kyocera",
    "Kyocera-Mita": "Kyocera",
    "Tektronix": "Xerox",
    "Fuji Xerox": "Fuji Xerox",
    "Seiko Epson": "Epson",
    "Nashuatec": "NashuaTec",
}
"""How recog writes makers that we write otherwise."""


@dataclass(slots=True)
class Recognised:
    """By recog's name of the maker."""

    told: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    otherwise: dict[str, tuple[str, str]] = field(default_factory=dict)  # description: theirs and ours


@functools.cache
def examples() -> tuple[tuple[str, str], ...]:
    """sysDescr and maker of every example of a printer or a multifunction device.

    A print server that stands alone says nothing about the machine behind it.
    """
    found = []
    for fingerprint in ET.parse(SNMP / "reference" / "recog__snmp_sysdescr.xml").getroot().iter("fingerprint"):
        said = {param.get("name"): param.get("value") for param in fingerprint.iter("param") if param.get("value")}
        device = said.get("hw.device") or said.get("os.device") or ""
        vendor = said.get("hw.vendor") or said.get("os.vendor") or said.get("service.vendor")
        if device in {"Printer", "Multifunction Device"} and vendor:
            found += [(" ".join((example.text or "").split()), vendor) for example in fingerprint.iter("example")]
    return tuple(found)


def recognised() -> Recognised:
    """What of it is recognised by the description alone: who made it, or under whose name it is sold."""
    result = Recognised()
    for description, vendor in examples():
        table = maker_table((), description)
        ours = (table.brand, table.family) if table else ("", "")
        result.told[vendor] += 1
        if _NAMES.get(vendor, vendor).casefold() in {name.casefold() for name in ours}:
            result.right[vendor] += 1
        else:
            result.otherwise[description] = (vendor, ours[0])
    return result
