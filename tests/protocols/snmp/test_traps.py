"""Traps and informs as a receiver reads them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.snmp import (
    AuthProtocol,
    Message,
    Pdu,
    PduKind,
    PrivProtocol,
    SnmpError,
    Tag,
    TrapV1,
    UsmUser,
    VarBind,
    Version,
    decode_message,
    encode_message,
    parse_oid,
)
from platen.protocols.snmp.messages import encode_pdu
from platen.protocols.snmp.traps import SNMP_TRAP_OID, SYS_UP_TIME, NotificationReader
from platen.protocols.snmp.usm import Engine
from platen.protocols.snmp.v3 import NOT_IN_TIME_WINDOW, UNKNOWN_ENGINE_ID, NotAuthentic, encode_v3, open_v3, read_v3

# printerV2Alert (RFC 3805): the trap that a printer sends when its alert table changes.
PRINTER_ALERT = parse_oid("1.3.6.1.2.1.43.18.2.0.1")
ALERT_CODE = VarBind(parse_oid("1.3.6.1.2.1.43.18.1.1.7.1.3"), Tag.INTEGER, 8)
BINDINGS = [
    VarBind(SYS_UP_TIME, Tag.TIME_TICKS, 4711),
    VarBind(SNMP_TRAP_OID, Tag.OBJECT_IDENTIFIER, PRINTER_ALERT),
    ALERT_CODE,
]
OWN, DEVICE = b"\x80\x00\x00\x00\x05platen", b"\x80\x00\x00\x00\x05printer"
USER = UsmUser("device", AuthProtocol.SHA_256, "maplesyrup", PrivProtocol.AES_128, "mapleleaves")


def reader() -> NotificationReader:
    return NotificationReader([USER], engine_id=OWN, boots=3)


def v2(kind: PduKind) -> bytes:
    return encode_message(Message(Version.V2C, b"public", Pdu(kind, 99, BINDINGS)))


def v3(kind: PduKind, engine: Engine, user: UsmUser | None = USER) -> bytes:
    return encode_v3(encode_pdu(Pdu(kind, 99, BINDINGS)), 77, user, engine, salt=5, reportable=kind is PduKind.INFORM)


class TestCommunityVersions:
    def test_a_trap_of_version_2(self) -> None:
        """The trap's name and the time are told apart from what it carries."""
        notification, reply = reader().read(v2(PduKind.TRAP_V2), 0)
        assert notification is not None
        assert (notification.trap_oid, notification.up_time) == (PRINTER_ALERT, 4711)
        assert notification.varbinds == [ALERT_CODE]
        assert notification.community == b"public"
        assert reply is None

    def test_an_inform_is_acknowledged(self) -> None:
        """The acknowledgement is the same with another tag (RFC 3416 section 4.2.7)."""
        notification, reply = reader().read(v2(PduKind.INFORM), 0)
        assert notification is not None
        assert notification.is_inform
        assert reply is not None
        assert decode_message(reply).pdu == Pdu(PduKind.RESPONSE, 99, BINDINGS)

    @pytest.mark.parametrize(
        ("generic", "specific", "trap_oid"),
        [
            (0, 0, "1.3.6.1.6.3.1.1.5.1"),  # coldStart
            (4, 0, "1.3.6.1.6.3.1.1.5.5"),  # authenticationFailure
            (6, 1, "1.3.6.1.2.1.43.18.2.0.1"),  # the printer's alert
        ],
    )
    def test_a_trap_of_version_1_gets_its_name_of_version_2(self, generic: int, specific: int, trap_oid: str) -> None:
        """RFC 3584 section 3.1."""
        enterprise = parse_oid("1.3.6.1.2.1.43.18.2")
        trap = TrapV1(enterprise, bytes((192, 0, 2, 7)), generic, specific, 4711, [ALERT_CODE])
        notification, reply = reader().read(encode_message(Message(Version.V1, b"public", trap)), 0)
        assert notification is not None
        assert notification.trap_oid == parse_oid(trap_oid)
        assert notification.agent_address == bytes((192, 0, 2, 7))
        assert (notification.up_time, notification.varbinds, reply) == (4711, [ALERT_CODE], None)

    def test_a_notification_without_a_name_is_refused(self) -> None:
        """Nobody could say what it is about."""
        octets = encode_message(Message(Version.V2C, b"public", Pdu(PduKind.TRAP_V2, 1, [ALERT_CODE])))
        with pytest.raises(SnmpError, match="snmpTrapOID"):
            reader().read(octets, 0)

    def test_a_question_is_no_notification(self) -> None:
        """A GET at the port for traps is refused."""
        with pytest.raises(SnmpError, match="GET came"):
            reader().read(v2(PduKind.GET), 0)

    @given(st.binary(max_size=200))
    def test_random_octets_raise_nothing_else(self, octets: bytes) -> None:
        """Whatever comes is read or refused with SnmpError."""
        with contextlib.suppress(SnmpError):
            reader().read(octets, 0)


class TestVersion3:
    def test_a_trap_of_a_known_user(self) -> None:
        """The sender's engine is the authority: its keys open the trap."""
        notification, reply = reader().read(v3(PduKind.TRAP_V2, Engine(DEVICE, 1, 50)), 0)
        assert notification is not None
        assert (notification.version, notification.user_name) == (Version.V3, "device")
        assert (notification.trap_oid, notification.varbinds, reply) == (PRINTER_ALERT, [ALERT_CODE], None)

    def test_an_unknown_user_is_refused(self) -> None:
        """Nothing is taken from a user whose keys are not known."""
        stranger = UsmUser("stranger", AuthProtocol.SHA_256, "maplesyrup")
        with pytest.raises(NotAuthentic, match="stranger"):
            reader().read(v3(PduKind.TRAP_V2, Engine(DEVICE, 1, 50), stranger), 0)

    def test_an_unsigned_trap_of_a_signing_user_is_refused(self) -> None:
        """Anybody could have sent it."""
        with pytest.raises(NotAuthentic, match="not protected"):
            reader().read(v3(PduKind.TRAP_V2, Engine(DEVICE, 1, 50), UsmUser("device")), 0)

    @pytest.mark.parametrize(
        ("engine", "after_s", "told"),
        [
            (Engine(DEVICE, 4, 1000), 0, "last start"),
            (Engine(DEVICE, 5, 800), 0, "too old"),
            (Engine(DEVICE, 5, 1000), 200, "too old"),
        ],
    )
    def test_a_recorded_trap_is_refused(self, engine: Engine, after_s: int, told: str) -> None:
        """From before the last start, or more than 150 s older than the device's clock (RFC 3414 section 3.2)."""
        receiver = reader()
        receiver.read(v3(PduKind.TRAP_V2, Engine(DEVICE, 5, 1000)), 10)
        with pytest.raises(NotAuthentic, match=told):
            receiver.read(v3(PduKind.TRAP_V2, engine), 10 + after_s)

    def test_a_later_trap_is_taken(self) -> None:
        """Time goes on, also through a restart."""
        receiver = reader()
        for engine in (Engine(DEVICE, 5, 1000), Engine(DEVICE, 5, 1001), Engine(DEVICE, 6, 0)):
            assert receiver.read(v3(PduKind.TRAP_V2, engine), 10).notification is not None

    def test_an_inform_is_led_through_discovery_and_time_to_its_acknowledgement(self) -> None:
        """The sender learns our engine id, then our time, then is acknowledged (RFC 3414 section 4)."""
        receiver = reader()
        told = receiver.read(v3(PduKind.INFORM, Engine(b""), None), 1000)
        assert told.notification is None
        assert told.reply is not None
        report = read_v3(told.reply)
        assert open_v3(report, None).pdu.varbinds[0].oid == UNKNOWN_ENGINE_ID
        assert report.engine == Engine(OWN, 3, 1000)

        told = receiver.read(v3(PduKind.INFORM, Engine(OWN, 0, 0)), 1000)
        assert told.notification is None
        assert told.reply is not None
        report = read_v3(told.reply)
        assert report.is_signed
        assert open_v3(report, USER).pdu.varbinds[0].oid == NOT_IN_TIME_WINDOW

        notification, reply = receiver.read(v3(PduKind.INFORM, report.engine), 1001)
        assert notification is not None
        assert notification.trap_oid == PRINTER_ALERT
        assert reply is not None
        assert open_v3(read_v3(reply), USER).pdu == Pdu(PduKind.RESPONSE, 99, BINDINGS)
