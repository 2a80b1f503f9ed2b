"""What a machine does, and what its display and lights show."""

from __future__ import annotations

import pytest

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.facts import Activity
from platen.readings.status import error_reasons, read_status
from platen.readings.tables import Tables


def _status(**values: Value) -> Tables:
    names = {
        "device": (*o.HR_DEVICE_STATUS, 1),
        "printer": (*o.HR_PRINTER_STATUS, 1),
        "errors": (*o.HR_PRINTER_DETECTED_ERROR_STATE, 1),
        "line": (*o.PRT_CONSOLE_DISPLAY_BUFFER_TEXT, 1, 1),
    }
    return Tables({names[name]: value for name, value in values.items()})


@pytest.mark.parametrize(
    ("device", "printer", "errors", "activity"),
    [
        (2, 3, b"\x00", Activity.IDLE),
        (3, 3, b"\x20", Activity.IDLE),
        (2, 4, b"\x00", Activity.PRINTING),
        (5, 5, b"\x00", Activity.WARMUP),
        (2, 1, b"\x00", Activity.ASLEEP),
        (5, 1, b"\x04", Activity.STOPPED),
        (2, 1, b"\x04", Activity.STOPPED),
        (4, 3, b"\x00", Activity.TESTING),
        (3, None, b"", Activity.IDLE),
        (None, None, None, Activity.UNKNOWN),
    ],
)
def test_two_states_together_say_what_a_machine_does(
    device: int | None, printer: int | None, errors: bytes | None, activity: Activity
) -> None:
    """hrDeviceStatus and hrPrinterStatus as RFC 3805 pairs them; "other" is standby, or stopped where something is
    wrong."""
    assert read_status(_status(device=device, printer=printer, errors=errors)).activity is activity


@pytest.mark.parametrize("line", ["Sleep Mode", "Energiesparmodus", "Спящий режим", "スリープ中", "TRYB UŚPIENIA"])
def test_a_display_may_be_all_that_says_that_a_machine_sleeps(line: str) -> None:
    """Machines that call themselves idle while they sleep say it in words."""
    assert read_status(_status(device=2, printer=3, line=line.encode())).activity is Activity.ASLEEP


@pytest.mark.parametrize(
    ("octets", "reasons"),
    [
        (b"", set()),
        (b"\x00", set()),
        (b"\x80", {"media-low"}),
        (b"\x24", {"toner-low", "media-jam"}),
        (b"\x00\x80", {"input-tray-missing"}),
        (b"\x01\x02", {"service-requested", "maintenance-overdue"}),
        (b"\xff\xff\xff\xff\xff", None),
        (b"2800", {"toner-low", "door-open"}),
        (b"00 80", {"input-tray-missing"}),
        (b"0x40", {"media-empty"}),
        (b"00", set()),
        (0x40, {"media-empty"}),
        (0x0080, {"media-low"}),
        (0x0180, {"service-requested", "input-tray-missing"}),
        (2**31, set()),
    ],
)
def test_bits_of_the_error_state_are_reasons(octets: bytes | int, reasons: set[str] | None) -> None:
    """hrPrinterDetectedErrorState (RFC 2790), of one octet or two, of more than there should be, spelt out,
    or as a number."""
    found = error_reasons(_status(errors=octets))
    assert len(found) == 15 if reasons is None else found == reasons


def test_console_lines_come_from_top_to_bottom_without_the_empty_ones() -> None:
    """prtConsoleDisplayBufferText. DCA-DATA-01."""
    lines = {11: b"below", 2: b"", 1: b"above"}
    tables = Tables({(*o.PRT_CONSOLE_DISPLAY_BUFFER_TEXT, 1, row): text for row, text in lines.items()})
    assert read_status(tables).console == ("above", "below")


def test_lights_are_on_off_or_blink() -> None:
    """By how long they are on and off (RFC 3805, prtConsoleOnTime); each has a name of its own."""
    raw: dict[Oid, Value] = {}
    for row, (on, off, name) in enumerate(
        [(1, 0, b"Ready"), (0, 1, b"Attention"), (500, 500, b""), (1, 0, b"Ready")], 1
    ):
        raw |= {(*o.PRT_CONSOLE_ON_TIME, 1, row): on, (*o.PRT_CONSOLE_OFF_TIME, 1, row): off}
        raw |= {(*o.PRT_CONSOLE_DESCRIPTION, 1, row): name, (*o.PRT_CONSOLE_COLOR, 1, row): 10}
    lights = read_status(Tables(raw)).lights
    assert lights == {"Ready": "on", "Attention": "off", "orange": "blink", "Ready'": "on"}


def test_uptime_is_told_in_seconds() -> None:
    """sysUpTime counts hundredths."""
    assert read_status(Tables({o.SYS_UP_TIME: 123_456})).uptime_s == 1234
