"""The machine as it is now: what it does (RFC 2790), what is wrong with it, what its display and lights show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.enumerations import CONSOLE_COLORS, ERROR_STATE_REASONS
from platen.readings.facts import Activity, Status
from platen.readings.identity import printer_device
from platen.readings.tables import Tables

LINES_MAX = 32
LIGHTS_MAX = 64
_PRINTER = {3: Activity.IDLE, 4: Activity.PRINTING, 5: Activity.WARMUP}
"""hrPrinterStatus."""
_OTHER = 1
_RUNNING, _WARNING, _TESTING, _DOWN = 2, 3, 4, 5
"""hrDeviceStatus."""
_STOPPING = frozenset({"media-empty", "toner-empty", "door-open", "media-jam", "offline", "service-requested"})
_HEX_TEXT = re.compile(rb"(?:0x)?((?:[0-9A-Fa-f]{2} ?){1,8})")
"""Bits that an agent spells out: as bits themselves, two octets of digits would be a heap of unlikely troubles."""
_ASLEEP_WORDS = (
    "sleep",
    "power save",
    "powersave",
    "energy sav",
    "energiespar",
    "energie sparen",
    "ruhezustand",
    "schlafmodus",
    "veille",
    "economie d'énergie",
    "sospensione",
    "risparmio energ",
    "suspens",
    "reposo",
    "ahorro de energ",
    "economia de energ",
    "slaap",
    "energiebesparing",
    "riposo",
    "repouso",
    "uyku",
    "alvó",
    "viloläge",
    "hvilemodus",
    "dvale",
    "lepotila",
    "uśpieni",
    "spánk",
    "spací",
    "спящий",
    "режим сна",
    "энергосбер",
    "сплячий",
    "режим сну",
    "スリープ",
    "節電",
    "睡眠",
    "休眠",
    "节能",
    "節能",
    "절전",
)


def read_status(tables: Tables, private_console: tuple[str, ...] = ()) -> Status:
    """Activity, reasons, console and lights, and for how long the agent has run.

    private_console: lines of the display from a maker's own objects, for machines that leave the standard ones empty.
    """
    reasons = error_reasons(tables)
    console = read_console(tables) or private_console
    uptime = tables.scalar(o.SYS_UP_TIME)
    events_of = tables.column(o.PRT_ALERT_ALL_EVENTS)
    return Status(
        activity=_activity(tables, reasons, console),
        reasons=reasons,
        console=console,
        lights=read_lights(tables),
        uptime_s=uptime // 100 if isinstance(uptime, int) and uptime >= 0 else None,
        alert_events=next((events for events in map(_number, events_of.values()) if events is not None), None),
    )


def _number(value: Value) -> int | None:
    return value if isinstance(value, int) else None


def error_reasons(tables: Tables) -> frozenset[str]:
    """The bits of hrPrinterDetectedErrorState as printer-state-reasons. No octets at all are no error."""
    device = printer_device(tables)
    octets = tables.octets(o.HR_PRINTER_DETECTED_ERROR_STATE, device)
    number = tables.number(o.HR_PRINTER_DETECTED_ERROR_STATE, device) if not octets else None
    spelt = _HEX_TEXT.fullmatch(octets)
    if spelt:
        octets = bytes.fromhex(spelt[1].decode())
    elif number is not None and 0 <= number <= 0xFFFF:
        octets = number.to_bytes(1 if number <= 0xFF else 2, "big")
    return frozenset(
        reason
        for bit, reason in enumerate(ERROR_STATE_REASONS)
        if bit // 8 < len(octets) and octets[bit // 8] & (0x80 >> bit % 8)
    )


def read_console(tables: Tables) -> tuple[str, ...]:
    """The display's lines from top to bottom, empty ones left out."""
    column = o.PRT_CONSOLE_DISPLAY_BUFFER_TEXT
    lines = (tables.text(column, index) for index in sorted(tables.column(column))[:LINES_MAX])
    return tuple(filter(None, lines))


def read_lights(tables: Tables) -> Mapping[str, str]:
    """Each light by its words, else by its colour: on, off or blink (RFC 3805, prtConsoleOnTime)."""
    found: dict[str, str] = {}
    for index in tables.rows(o.PRT_CONSOLE_ON_TIME, o.PRT_CONSOLE_OFF_TIME)[:LIGHTS_MAX]:
        on = tables.number(o.PRT_CONSOLE_ON_TIME, index) or 0
        off = tables.number(o.PRT_CONSOLE_OFF_TIME, index) or 0
        name = tables.text(o.PRT_CONSOLE_DESCRIPTION, index) or _light_color(tables, index)
        while name in found:
            name += "'"
        found[name] = "off" if on <= 0 else "on" if off <= 0 else "blink"
    return found


def _light_color(tables: Tables, index: Oid) -> str:
    color = CONSOLE_COLORS.get(tables.number(o.PRT_CONSOLE_COLOR, index) or 2, "unknown")
    return f"light {'.'.join(map(str, index[1:]))}" if color in {"other", "unknown"} else color


@lru_cache(maxsize=4096)
def _says_that_it_sleeps(console: tuple[str, ...]) -> bool:
    says = " ".join(console).casefold()
    return any(word in says for word in _ASLEEP_WORDS)


def _activity(tables: Tables, reasons: frozenset[str], console: tuple[str, ...]) -> Activity:
    """By hrDeviceStatus and hrPrinterStatus together (RFC 3805 section 2.2.13.2): "other" is standby or stopped."""
    device = printer_device(tables)
    printer = tables.number(o.HR_PRINTER_STATUS, device)
    state = tables.number(o.HR_DEVICE_STATUS, device)
    doing = _PRINTER.get(printer or 0, Activity.UNKNOWN)
    works = state in {_RUNNING, _WARNING}
    if state == _TESTING:
        doing = Activity.TESTING
    elif doing in {Activity.PRINTING, Activity.WARMUP}:
        pass
    elif state == _DOWN or (printer == _OTHER and reasons & _STOPPING):
        doing = Activity.STOPPED
    elif (printer == _OTHER and works) or _says_that_it_sleeps(console):
        doing = Activity.ASLEEP
    elif printer is None and works:
        doing = Activity.IDLE
    return doing
