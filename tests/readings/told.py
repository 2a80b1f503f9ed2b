"""What others say about the recorded answers: the facts beside the recordings, and what LibreNMS expects of its own.

Everything is worked out from those facts alone, without a line of `platen.readings`.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.testdata import TESTDATA
from tests.walks import SNMP, told_of

IPP = TESTDATA / "ipp"
SOME, UNKNOWN = "some", "unknown"
LIBRENMS_MAKERS = {
    "brother": "Brother",
    "canonprinter": "Canon",
    "dell-laser": "Dell",
    "developprinter": "Develop",
    "epson": "Epson",
    "fujifilmprinter": "Fujifilm",
    "jetdirect": "HP",
    "konica": "Konica Minolta",
    "kyocera": "Kyocera",
    "lanier": "Lanier",
    "lexmarkprinter": "Lexmark",
    "okilan": "OKI",
    "ricoh": "Ricoh",
    "samsungprinter": "Samsung",
    "sharp": "Sharp",
    "toshiba-tec": "Toshiba",
    "xerox": "Xerox",
    "zebra": "Zebra",
}
"""Names of LibreNMS's operating systems, which its files are called by."""
_ENGLISH = re.compile(r"\b(black|cyan|magenta|yellow)\b", re.IGNORECASE)
_CHINESE = {"黑色": "black", "青色": "cyan", "洋紅色": "magenta", "黃色": "yellow"}
_TRI_COLOR = re.compile(r"(#[0-9A-F]{6}){2,}")
_INKS = {"#000000": "black", "#101010": "black", "#00FFFF": "cyan", "#FF00FF": "magenta", "#FFFF00": "yellow"}
_PARTS = {"toner": "toner", "ink": "ink", "drum": "opc", "belt_unit": "transfer-unit", "fuser": "fuser"}
"""Of the names that the Brother recordings' project gives."""
_BROTHER = re.compile(r"(?:(black|cyan|magenta|yellow)_)?(toner|ink|drum|belt_unit|fuser)_remaining(_life|_pages|)")
_COUNTERS = {"page_counter": "total", "bw_counter": "total.mono", "color_counter": "total.color"}


@dataclass(slots=True)
class Told:
    """Of one answer. None or empty: nobody says. Supplies by a row's index, or "kind colour" of a private object."""

    maker: str | None = None
    model: str | None = None
    serial: str | None = None
    firmware: tuple[str, ...] = ()  # any of them
    meters: dict[str, int] = field(default_factory=dict)
    supplies: dict[str, int | str] = field(default_factory=dict)  # percent left, or what is known of it
    pages_left: dict[str, int] = field(default_factory=dict)
    colors: dict[str, str] = field(default_factory=dict)
    count: int | None = None  # rows of the table of supplies
    color: bool | None = None
    duplex: bool | None = None
    display: str | None = None
    reasons: frozenset[str] | int | None = None  # what is the matter, or how much
    alert_words: list[str] | None = None
    alert_severities: list[str] | None = None  # of what is trouble: critical, warning


def of_walk(name: str) -> Told:
    """Of a recording of SNMP, by its path below the recordings."""
    facts = told_of(name)
    told = Told(maker=_maker_of(name), count=facts.get("supplies_count"))
    descriptions = list((facts.get("hrDeviceDescr") or {}).values())
    told.model = facts.get("prtGeneralPrinterName", {}).get("1") or (descriptions[0] if descriptions else None)
    told.serial = facts.get("prtGeneralSerialNumber", {}).get("1")
    if "prtMarkerLifeCount" in facts:
        told.meters["total"] = facts["prtMarkerLifeCount"]["1.1"]
    for row in facts.get("supplies", ()):
        told.supplies[row["index"]] = _left(row["level"], row["max"])
        color = _color(row, facts.get("prtMarkerColorantValue", {}))
        if color:
            told.colors[row["index"]] = color
    if "prtMarkerProcessColorants" in facts:
        told.color = max(facts["prtMarkerProcessColorants"].values()) > 1
    if "hrPrinterDetectedErrorState_hex" in facts:
        bits = next(iter(facts["hrPrinterDetectedErrorState_hex"].values()))
        told.reasons = int(bits or "0", 16).bit_count()
    if "alerts" in facts:
        told.alert_words = sorted(facts["alerts"])
    _add_librenms(name, told)
    _add_brother(facts.get("upstream_expected", {}), told)
    return told


def of_ipp(name: str) -> Told:
    """Of an answer to Get-Printer-Attributes."""
    facts = ipp_facts()[name]
    named = facts["printer-make-and-model"]
    serial = re.search(r"\bSN:([^;]+)", facts.get("printer-device-id", ""))
    told = Told(maker=_maker_in(named), model=named, serial=serial[1] if serial else None)
    told.firmware = tuple(_list(facts.get("printer-firmware-string-version")))
    told.color = facts.get("color-supported")
    if "sides-supported" in facts:
        told.duplex = any(side.startswith("two-sided") for side in _list(facts["sides-supported"]))
    levels, names = _list(facts.get("marker-levels")), _list(facts.get("marker-names"))
    if levels:
        told.count = len(levels)
    for place, (level, ink, words) in enumerate(zip(levels, _list(facts.get("marker-colors")), names, strict=True), 1):
        told.supplies[f"ipp.{place}"] = level if level >= 0 else UNKNOWN
        color = "tri-color" if _TRI_COLOR.fullmatch(ink) else _INKS.get(ink, "")
        told.colors[f"ipp.{place}"] = "photo black" if "Photo Black" in words else color
    if "printer-state-reasons" in facts:
        told.reasons = frozenset(_list(facts["printer-state-reasons"])) - {"none"}
    alerts = " ".join(_list(facts.get("printer-alert")))
    told.alert_severities = sorted(re.findall(r"severity=(critical|warning)", alerts))
    return told


@functools.cache
def ipp_facts() -> Mapping[str, dict[str, Any]]:
    """Of every answer that says what printer it is."""
    files = json.loads((IPP / "expected.json").read_text())["files"]
    return {name: file["facts"] for name, file in files.items() if "printer-make-and-model" in file.get("facts", {})}


def _maker_of(name: str) -> str | None:
    path = Path(name)
    if path.parent.name != "librenms":
        return {"brother": "Brother", "epson_cw_snmp": "Epson", "kyocera_cs4053_snmp": "Kyocera"}.get(
            path.parent.name if path.parent.name == "brother" else path.stem
        )
    return LIBRENMS_MAKERS[re.split(r"_|$", path.stem)[0]]


def _maker_in(named: str) -> str:
    first = named.removeprefix("CN").split("(")[0].split()[0]
    return {"EPSON": "Epson", "MF6100": "Canon", "ECOSYS": "Kyocera", "Simulated": ""}.get(first, first)


def _left(level: int, capacity: int) -> int | str:
    """By RFC 3805: -3 is some, -2 not known; a level without a capacity says nothing."""
    if level == -3:
        return SOME
    return round(100 * level / capacity) if level >= 0 and capacity > 0 else UNKNOWN


def _color(row: Mapping[str, Any], colorants: Mapping[str, str]) -> str:
    marker = row["index"].split(".")[0]
    named = colorants.get(f"{marker}.{row.get('colorantIndex')}", "")
    words = _ENGLISH.findall(row["description"])
    chinese = next((color for word, color in _CHINESE.items() if word in row["description"]), "")
    return named or (words[0].lower() if len(set(words)) == 1 else "") or chinese


def _add_librenms(name: str, told: Told) -> None:
    """Where LibreNMS expects more of its recording: what it is, and percentages that it works out itself."""
    path = SNMP / "librenms" / "expected" / f"{Path(name).stem}.json"
    if not path.exists():
        return
    expected = json.loads(path.read_text())
    device = expected["os"]["discovery"]["devices"][0]
    told.model = device.get("hardware") or told.model
    told.serial = device.get("serial") or told.serial
    told.firmware = (device["version"],) if device.get("version") else ()
    for row in expected["printer-supplies"]["discovery"]["printer_supplies"]:
        index = ".".join(row["supply_oid"].split(".")[-2:])
        if row["supply_type"] != "input" and told.supplies.get(index) == UNKNOWN:
            told.supplies[index] = row["supply_current"]


def _add_brother(upstream: Mapping[str, Any], told: Told) -> None:
    if not upstream:
        return
    told.model, told.firmware = upstream["model"], (upstream["firmware"],)
    told.display = upstream["status"]
    told.serial = "" if upstream["serial"] == "serial_number" else upstream["serial"]
    told.meters.update({meter: upstream[name] for name, meter in _COUNTERS.items() if name in upstream})
    for name, value in upstream.items():
        match = _BROTHER.fullmatch(name)
        if match:
            color, part, what = match[1] or "", _PARTS[match[2]], match[3]
            single = "" if part == "opc" else "black" if part in {"toner", "ink"} else ""
            (told.pages_left if what == "_pages" else told.supplies)[f"{part} {color or single}".strip()] = value


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def walks_told() -> Iterator[tuple[str, Told]]:
    """Every recording that a machine answers without a context."""
    from tests.walks import main_walks

    for name in main_walks():
        yield name, of_walk(name)
