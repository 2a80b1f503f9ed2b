"""Messages of SNMPv1 and SNMPv2c, and requests that are encoded once."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.snmp import (
    REQUEST_ID_MAX,
    REQUEST_ID_MIN,
    Message,
    Pdu,
    PduKind,
    Prepared,
    SnmpError,
    Tag,
    TrapV1,
    VarBind,
    Version,
    decode_message,
    encode_message,
    error_name,
    parse_oid,
    read_head,
    read_rest,
    unset,
)
from tests.protocols.snmp.strategies import communities, messages, oids, varbind_lists

SYS_DESCR = parse_oid("1.3.6.1.2.1.1.1.0")
# As Net-SNMP's snmpget sends it for sysDescr.0, written out by hand from RFC 1157 and RFC 3416.
GET = bytes.fromhex("3026 020101 0406 7075626c6963 a019 0201 2a 020100 020100 300e 300c 0608 2b06010201010100 0500")
request_ids = st.integers(REQUEST_ID_MIN, REQUEST_ID_MAX)


class TestMessages:
    @given(messages)
    def test_round_trip(self, message: Message) -> None:
        """Every kind of message of SNMPv1 and SNMPv2c comes back as it was."""
        assert decode_message(encode_message(message)) == message

    def test_known_octets(self) -> None:
        """A GET as the standards have it, octet by octet."""
        message = Message(Version.V2C, b"public", Pdu(PduKind.GET, 42, [unset(SYS_DESCR)]))
        assert encode_message(message) == GET
        assert decode_message(GET) == message

    @given(messages, st.binary(max_size=50))
    def test_octets_behind_the_message_do_not_matter(self, message: Message, garbage: bytes) -> None:
        """Devices send the rest of their buffer along."""
        assert decode_message(encode_message(message) + garbage) == message

    @given(messages, st.data())
    def test_a_truncated_message_is_refused(self, message: Message, data: st.DataObject) -> None:
        """A message that is cut off anywhere is refused, never read in part."""
        octets = encode_message(message)
        with pytest.raises(SnmpError):
            decode_message(octets[: data.draw(st.integers(0, len(octets) - 1))])

    @pytest.mark.parametrize("kind", [PduKind.GET_BULK, PduKind.INFORM, PduKind.TRAP_V2, PduKind.REPORT])
    def test_version_1_does_not_carry_what_it_has_not(self, kind: PduKind) -> None:
        """SNMPv1 knows no GETBULK, inform, SNMPv2 trap or report."""
        with pytest.raises(SnmpError, match="SNMPv1 has no"):
            encode_message(Message(Version.V1, b"", Pdu(kind, 1, [])))

    @pytest.mark.parametrize("octets", ["", "00", "3000", "3003020102", "300502010104", "3080", "30820000", "040130"])
    def test_what_is_no_message_is_refused_with_a_sentence(self, octets: str) -> None:
        """Other octets than a message's, and a version that does not exist."""
        with pytest.raises(SnmpError, match=r"^[A-Z].*\.$"):
            decode_message(bytes.fromhex(octets))

    @given(st.binary(max_size=300))
    def test_random_octets_raise_nothing_else(self, octets: bytes) -> None:
        """Whatever comes is read or refused with SnmpError, whole or in two steps."""
        for read in (decode_message, read_head, lambda data: read_rest(data, read_head(data))):
            with contextlib.suppress(SnmpError):
                read(octets)

    @given(messages, st.data())
    def test_damaged_messages_raise_nothing_else(self, message: Message, data: st.DataObject) -> None:
        """A good message with one wrong octet is read or refused with SnmpError."""
        octets = bytearray(encode_message(message))
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
        with contextlib.suppress(SnmpError):
            decode_message(bytes(octets))

    def test_error_names_are_those_of_the_standard(self) -> None:
        """A person finds the name in RFC 3416; a number that it has not stays a number."""
        assert error_name(2) == "noSuchName"
        assert error_name(5) == "genErr"
        assert error_name(99) == "error 99"


class TestPreparedRequests:
    @given(st.lists(oids, max_size=40), st.sampled_from([Version.V1, Version.V2C]), communities, request_ids)
    def test_a_get_is_the_message_itself(
        self, names: list[tuple[int, ...]], version: Version, community: bytes, request_id: int
    ) -> None:
        """A prepared request with its id and community is octet for octet what encoding the message gives."""
        prepared = Prepared.get(names)
        whole = Message(version, community, Pdu(PduKind.GET, request_id, [unset(name) for name in names]))
        assert prepared.message(version, community, request_id) == encode_message(whole)
        assert encode_message(whole).endswith(prepared.pdu(request_id))

    @given(st.lists(oids, max_size=3), st.lists(oids, max_size=9), st.integers(0, 500), request_ids)
    def test_a_getbulk_is_the_message_itself(
        self, once: list[tuple[int, ...]], repeated: list[tuple[int, ...]], rows: int, request_id: int
    ) -> None:
        """Non-repeaters and max-repetitions stand where other requests have the error (RFC 3416 section 3)."""
        pdu = Pdu(PduKind.GET_BULK, request_id, [unset(name) for name in (*once, *repeated)], len(once), rows)
        octets = Prepared.get_bulk(once, repeated, rows).message(Version.V2C, b"public", request_id)
        assert octets == encode_message(Message(Version.V2C, b"public", pdu))

    def test_a_set_carries_its_values(self) -> None:
        """The values to write are in the message."""
        varbinds = [VarBind(SYS_DESCR, Tag.OCTET_STRING, b"hall")]
        octets = Prepared.set_values(varbinds).message(Version.V2C, b"private", 0x123456)
        assert decode_message(octets).pdu == Pdu(PduKind.SET, 0x123456, varbinds)

    def test_many_communities_stay_within_bounds(self) -> None:
        """The octets that are kept for each community do not grow without end, and stay right."""
        prepared = Prepared.get([SYS_DESCR])
        for number in range(300):
            community = b"site%d" % number
            message = decode_message(prepared.message(Version.V2C, community, 0x123456))
            assert message.community == community
        assert len(prepared._frames) <= 64

    def test_version_1_has_no_getbulk(self) -> None:
        """It is refused before anything is sent."""
        with pytest.raises(SnmpError, match="GETNEXT"):
            Prepared.get_bulk([], [SYS_DESCR], 10).message(Version.V1, b"public", 0x123456)

    @pytest.mark.parametrize("request_id", [-1, 0, REQUEST_ID_MIN - 1, REQUEST_ID_MAX + 1])
    def test_an_id_of_another_width_is_refused(self, request_id: int) -> None:
        """The lengths around the id are fixed, so the id has exactly three octets."""
        with pytest.raises(SnmpError, match="three octets"):
            Prepared.get([SYS_DESCR]).message(Version.V2C, b"public", request_id)


class TestAnswersInTwoSteps:
    @given(communities, st.integers(-(2**31), 2**31 - 1), varbind_lists, st.integers(0, 18), st.integers(0, 200))
    def test_both_steps_give_the_message(
        self, community: bytes, request_id: int, varbinds: list[VarBind], status: int, index: int
    ) -> None:
        """The head tells whose answer it is; the rest then gives what decoding the message gives."""
        pdu = Pdu(PduKind.RESPONSE, request_id, varbinds, status, index)
        octets = encode_message(Message(Version.V2C, community, pdu))
        head = read_head(octets)
        assert (head.version, head.kind, head.request_id) == (Version.V2C, PduKind.RESPONSE, request_id)
        assert read_rest(octets, head) == pdu

    def test_a_trap_of_version_1_is_no_answer(self) -> None:
        """It has no request-id."""
        trap = TrapV1(SYS_DESCR, bytes(4), 0, 0, 0, [])
        with pytest.raises(SnmpError, match="no PDU with a request-id"):
            read_head(encode_message(Message(Version.V1, b"", trap)))
