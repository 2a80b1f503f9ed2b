"""What can be wrong with a machine, and how that shows in its objects (RFC 3805 sections 2.2.13 and 6, RFC 2790)."""

from __future__ import annotations

from dataclasses import dataclass

from platen.demo.fleet.living import Living
from platen.demo.fleet.tree import Objects
from platen.protocols.snmp.ber import element, encode_integer
from platen.protocols.snmp.oids import Oid
from platen.protocols.snmp.values import Tag

HR_DEVICE_STATUS: Oid = (1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 5)
HR_PRINTER_STATUS: Oid = (1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1)
HR_DETECTED_ERROR_STATE: Oid = (1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 2)
PRT_CONSOLE_TEXT: Oid = (1, 3, 6, 1, 2, 1, 43, 16, 5, 1, 2)
PRT_ALERT_ENTRY: Oid = (1, 3, 6, 1, 2, 1, 43, 18, 1, 1)

CRITICAL, WARNING = 3, 4  # PrtAlertSeverityLevelTC
UNTRAINED, TRAINED, FIELD_SERVICE = 3, 4, 5  # PrtAlertTrainingLevelTC
COVER, INPUT, MARKER, MARKER_SUPPLIES, MEDIA_PATH = 6, 8, 10, 11, 13  # PrtAlertGroupTC
LOW_PAPER, NO_PAPER, LOW_TONER, NO_TONER, DOOR_OPEN, JAMMED, OFFLINE, SERVICE_REQUESTED = range(8)
"""Bits of hrPrinterDetectedErrorState; 0 is the first of the first octet."""
RUNNING_WITH_WARNING, DOWN = 3, 5  # hrDeviceStatus
OTHER = 1  # hrPrinterStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One row of prtAlertTable, and what else says so."""

    code: int
    """PrtAlertCodeTC."""
    words: str
    group: int
    bit: int
    severity: int = WARNING
    training: int = UNTRAINED
    group_index: int = 1
    location: int = -2


EVERYDAY = (
    Trouble(code=808, words="Tray 2 is empty", group=INPUT, group_index=2, bit=LOW_PAPER),
    Trouble(code=8, words="Paper jam in the duplex unit", group=MEDIA_PATH, bit=JAMMED, severity=CRITICAL),
    Trouble(code=3, words="Cover A is open", group=COVER, bit=DOOR_OPEN, severity=CRITICAL),
    Trouble(code=808, words="No paper", group=INPUT, bit=NO_PAPER, severity=CRITICAL),
    Trouble(code=1, words="Call for service 7140", group=MARKER, bit=SERVICE_REQUESTED, training=FIELD_SERVICE),
)
"""What befalls any printer."""


def supply_is_low(index: int, name: str) -> Trouble:
    """A supply that will soon be used up. index: in prtMarkerSuppliesTable."""
    words = f"{name} is low"
    return Trouble(code=1104, words=words, group=MARKER_SUPPLIES, group_index=index, bit=LOW_TONER, training=UNTRAINED)


def with_trouble(objects: Objects, trouble: Trouble) -> Objects:
    """The objects of a machine with one thing wrong, which it reports in place of what was wrong before."""
    found: dict[Oid, bytes | Living] = {oid: value for oid, value in objects.items() if not _is_alert(oid)}
    device = next((oid[-1] for oid in found if oid[:-1] == HR_PRINTER_STATUS), 1)
    is_critical = trouble.severity == CRITICAL
    found[*HR_DEVICE_STATUS, device] = encode_integer(DOWN if is_critical else RUNNING_WITH_WARNING)
    found[*HR_DETECTED_ERROR_STATE, device] = element(Tag.OCTET_STRING, bytes((0x80 >> trouble.bit, 0)))
    if is_critical:
        found[*HR_PRINTER_STATUS, device] = encode_integer(OTHER)
    console = next((oid for oid in found if oid[: len(PRT_CONSOLE_TEXT)] == PRT_CONSOLE_TEXT), None)
    if console is not None:
        found[console] = _text(trouble.words)
    for column, value in _row(trouble).items():
        found[*PRT_ALERT_ENTRY, column, device, trouble.code + 1000 * trouble.group] = value
    return found


def _row(trouble: Trouble) -> dict[int, bytes]:
    """The columns of PrtAlertEntry but for its index, which cannot be read."""
    return {
        2: encode_integer(trouble.severity),
        3: encode_integer(trouble.training),
        4: encode_integer(trouble.group),
        5: encode_integer(trouble.group_index),
        6: encode_integer(trouble.location),
        7: encode_integer(trouble.code),
        8: _text(trouble.words),
        9: encode_integer(trouble.code, Tag.TIME_TICKS),
    }


def _is_alert(oid: Oid) -> bool:
    return oid[: len(PRT_ALERT_ENTRY)] == PRT_ALERT_ENTRY


def _text(words: str) -> bytes:
    return element(Tag.OCTET_STRING, words.encode())
