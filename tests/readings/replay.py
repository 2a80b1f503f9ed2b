"""A machine that is made up in code, and what it answers to prepared requests, without a network."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from platen.protocols.snmp import Message, Oid, Pdu, PduKind, Prepared, Tag, Value, VarBind, Version, encode_message
from platen.readings import objects as o
from platen.readings.requests import HEADERS_OCTETS, request_octets
from platen.readings.survey import Survey
from platen.readings.survey_objects import WHOLE, Depth
from tests.walks import Held

ANSWER_OCTETS_MAX = 1472
_ROUNDS_MAX = 60


def text(value: str | bytes) -> Held:
    return Held(Tag.OCTET_STRING, value.encode() if isinstance(value, str) else value)


def number(value: int) -> Held:
    return Held(Tag.INTEGER, value)


def counter(value: int) -> Held:
    return Held(Tag.COUNTER32, value)


def printer(
    *, supplies: int = 4, trays: int = 2, alerts: tuple[tuple[int, int], ...] = (), device: int = 1, total: int = 1000
) -> dict[Oid, Held]:
    """A plain colour printer of no maker. alerts: row and code of each."""
    colors = ("black", "cyan", "magenta", "yellow")
    objects: dict[Oid, Held] = {
        o.SYS_DESCR: text("A printer that somebody made up"),
        o.SYS_OBJECT_ID: Held(Tag.OBJECT_IDENTIFIER, (1, 3, 6, 1, 4, 1, 99999, 1)),
        o.SYS_UP_TIME: Held(Tag.TIME_TICKS, 360_000),
        o.SYS_CONTACT: text("help desk"),
        o.SYS_NAME: text("prn-1"),
        o.SYS_LOCATION: text("Second floor"),
        (*o.IF_TYPE, 1): number(6),
        (*o.IF_PHYS_ADDRESS, 1): text(bytes.fromhex("0017c865e2b9")),
        (*o.HR_DEVICE_TYPE, device): Held(Tag.OBJECT_IDENTIFIER, o.HR_DEVICE_PRINTER),
        (*o.HR_DEVICE_DESCR, device): text("Examplecorp LX 400"),
        (*o.HR_DEVICE_STATUS, device): number(2),
        (*o.HR_PRINTER_STATUS, device): number(3),
        (*o.HR_PRINTER_DETECTED_ERROR_STATE, device): text(b"\x00"),
        (*o.PRT_GENERAL_SERIAL_NUMBER, device): text("LX400-0001"),
        (*o.PRT_ALERT_ALL_EVENTS, device): counter(7),
        (*o.PRT_MARKER_COUNTER_UNIT, device, 1): number(7),
        (*o.PRT_MARKER_LIFE_COUNT, device, 1): counter(total),
        (*o.PRT_OUTPUT_MAX_CAPACITY, device, 1): number(250),
        (*o.PRT_OUTPUT_REMAINING_CAPACITY, device, 1): number(100),
        (*o.PRT_OUTPUT_NAME, device, 1): text("Top"),
        (*o.PRT_CONSOLE_DISPLAY_BUFFER_TEXT, device, 1): text("Ready"),
        (*o.PRT_MEDIA_PATH_TYPE, device, 1): number(5),
        (*o.PRT_MEDIA_PATH_TYPE, device, 2): number(3),
    }
    for row in range(1, supplies + 1):
        is_toner = row <= len(colors)
        objects |= {
            (*o.PRT_MARKER_SUPPLIES_TYPE, device, row): number(3 if is_toner else 4),
            (*o.PRT_MARKER_SUPPLIES_DESCRIPTION, device, row): text(
                f"{colors[row - 1]} toner LX-{row}0{row}" if is_toner else f"Waste toner box {row}"
            ),
            (*o.PRT_MARKER_SUPPLIES_CLASS, device, row): number(3 if is_toner else 4),
            (*o.PRT_MARKER_SUPPLIES_SUPPLY_UNIT, device, row): number(7),
            (*o.PRT_MARKER_SUPPLIES_MAX_CAPACITY, device, row): number(10_000),
            (*o.PRT_MARKER_SUPPLIES_LEVEL, device, row): number(1000 * row),
        }
    for row in range(1, trays + 1):
        objects |= {
            (*o.PRT_INPUT_CAPACITY_UNIT, device, row): number(8),
            (*o.PRT_INPUT_MAX_CAPACITY, device, row): number(500),
            (*o.PRT_INPUT_CURRENT_LEVEL, device, row): number(100 * row),
            (*o.PRT_INPUT_MEDIA_NAME, device, row): text("A4 plain"),
            (*o.PRT_INPUT_NAME, device, row): text(f"Tray {row}"),
        }
    for row, code in alerts:
        objects |= alert(row, code, device=device)
    return dict(sorted(objects.items()))


def alert(row: int, code: int, *, device: int = 1, words: str = "Look here") -> dict[Oid, Held]:
    """A row of the table of alerts."""
    return {
        (*o.PRT_ALERT_SEVERITY_LEVEL, device, row): number(3),
        (*o.PRT_ALERT_TRAINING_LEVEL, device, row): number(3),
        (*o.PRT_ALERT_GROUP, device, row): number(8),
        (*o.PRT_ALERT_GROUP_INDEX, device, row): number(1),
        (*o.PRT_ALERT_LOCATION, device, row): number(-2),
        (*o.PRT_ALERT_CODE, device, row): number(code),
        (*o.PRT_ALERT_DESCRIPTION, device, row): text(words),
    }


class Replay:
    """Answers as a good agent does; an answer that is too long for a packet loses its last bindings."""

    def __init__(self, objects: Mapping[Oid, Held]) -> None:
        self.objects = objects
        self.names = sorted(objects)
        self.octets = 0
        self.requests: list[Prepared] = []

    def answer(self, prepared: Prepared) -> list[VarBind]:
        self.requests.append(prepared)
        varbinds = self._varbinds(prepared)
        while len(message := self._message(varbinds)) > ANSWER_OCTETS_MAX:
            varbinds.pop()
        self.octets += request_octets(prepared) + HEADERS_OCTETS + len(message)
        return varbinds

    def _varbinds(self, prepared: Prepared) -> list[VarBind]:
        if prepared.kind is PduKind.GET:
            return [self._get(oid) for oid in prepared.oids]
        varbinds = [self._after(oid) for oid in prepared.oids[: prepared.non_repeaters]]
        row = prepared.oids[prepared.non_repeaters :]
        for _ in range(prepared.max_repetitions):
            found = [self._after(oid) for oid in row]
            varbinds += found
            row = [varbind.oid for varbind in found]
        return varbinds

    def _get(self, oid: Oid) -> VarBind:
        held = self.objects.get(oid)
        return VarBind(oid, held.tag, held.value) if held else VarBind(oid, Tag.NO_SUCH_INSTANCE, None)

    def _after(self, oid: Oid) -> VarBind:
        place = bisect_right(self.names, oid)
        return self._get(self.names[place]) if place < len(self.names) else VarBind(oid, Tag.END_OF_MIB_VIEW, None)

    def _message(self, varbinds: list[VarBind]) -> bytes:
        return encode_message(Message(Version.V2C, b"public", Pdu(PduKind.RESPONSE, 0x8000, varbinds)))


def surveyed(replay: Replay, depth: Depth = WHOLE) -> dict[Oid, Value]:
    """Everything that a survey brings from it."""
    survey = Survey(depth=depth)
    for _ in range(_ROUNDS_MAX):
        requests = survey.requests()
        if not requests:
            return survey.raw
        for prepared in requests:
            survey.take(prepared, replay.answer(prepared))
    raise AssertionError("the survey does not end")
