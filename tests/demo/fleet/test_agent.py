"""A simulated machine answers as RFC 3416 and RFC 1157 have it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.demo.fleet.agent import DATAGRAM_OCTETS_MAX, answer
from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.machine import Machine
from platen.demo.fleet.population import machine
from platen.demo.fleet.printer_mib import model_of
from platen.protocols.snmp.ber import encode_integer
from platen.protocols.snmp.messages import ErrorStatus, Message, Pdu, PduKind, Version, encode_message
from platen.protocols.snmp.values import Tag, VarBind
from tests.demo.fleet.asking import got, request, told, walked

SYS_NAME, SYS_LOCATION, SYS_UP_TIME = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0", "1.3.6.1.2.1.1.3.0"
SERIAL = "1.3.6.1.2.1.43.5.1.1.17.1"
RESET = "1.3.6.1.2.1.43.5.1.1.3.1"
MODELS = [model_of(blueprint) for blueprint in CATALOGUE]


@pytest.fixture
def printer() -> Machine:
    return machine(3, MODELS[0])


def setting(*varbinds: VarBind, version: Version = Version.V2C) -> bytes:
    return encode_message(Message(version, b"private", Pdu(PduKind.SET, 7, list(varbinds))))


class TestReading:
    def test_get_keeps_the_order_of_names(self, printer: Machine) -> None:
        """One value for each name, in the order asked, with the request's number."""
        pdu = told(printer, request(PduKind.GET, SERIAL, SYS_NAME))
        assert (pdu.kind, pdu.request_id, pdu.error_status) == (PduKind.RESPONSE, 7, 0)
        assert [varbind.value for varbind in pdu.varbinds] == [b"HAL0000003", b"prn-00003"]

    def test_what_is_missing_says_so(self, printer: Machine) -> None:
        """noSuchInstance in a column that there is, noSuchObject elsewhere; the others are answered all the same."""
        tags = [varbind.tag for varbind in got(printer, SERIAL + ".9", "1.3.6.1.2.1.99.1.0", SERIAL)]
        assert tags == [Tag.NO_SUCH_INSTANCE, Tag.NO_SUCH_OBJECT, Tag.OCTET_STRING]

    def test_snmpv1_names_what_is_missing(self, printer: Machine) -> None:
        """noSuchName with its place, and the variable bindings of the request."""
        pdu = told(printer, request(PduKind.GET, SERIAL, "1.3.6.1.2.1.99.1.0", version=Version.V1))
        assert (pdu.error_status, pdu.error_index) == (ErrorStatus.NO_SUCH_NAME, 2)
        assert [varbind.tag for varbind in pdu.varbinds] == [Tag.NULL, Tag.NULL]

    def test_snmpv1_has_no_counter64(self, printer: Machine) -> None:
        """GETNEXT steps over one, and GET of it is noSuchName."""
        big = (1, 3, 6, 1, 2, 1, 1, 5, 1)
        printer.model = model_of(CATALOGUE[0])
        printer.model.objects = {**printer.model.objects, big: encode_integer(5, Tag.COUNTER64)}
        assert got(printer, big)[0].value == 5
        assert told(printer, request(PduKind.GET, big, version=Version.V1)).error_status == ErrorStatus.NO_SUCH_NAME
        following = told(printer, request(PduKind.GET_NEXT, SYS_NAME, version=Version.V1)).varbinds[0]
        assert following.oid == (1, 3, 6, 1, 2, 1, 1, 6, 0)

    def test_an_answer_too_big_is_not_sent(self, printer: Machine) -> None:
        """tooBig without variable bindings; with those of the request in SNMPv1."""
        descriptions = ["1.3.6.1.2.1.1.1.0"] * 60
        pdu = told(printer, request(PduKind.GET, *descriptions))
        assert (pdu.error_status, pdu.error_index, pdu.varbinds) == (ErrorStatus.TOO_BIG, 0, [])
        first = told(printer, request(PduKind.GET, *descriptions, version=Version.V1))
        assert (first.error_status, len(first.varbinds)) == (ErrorStatus.TOO_BIG, 60)

    @given(start=st.integers(0, 187), repetitions=st.integers(0, 2**31 - 1), non_repeaters=st.integers(-5, 5))
    def test_getbulk_gives_what_getnext_would(self, start: int, repetitions: int, non_repeaters: int) -> None:
        """Row after row of successors, never more octets than a datagram has, and no row that was not asked for."""
        printer = machine(3, MODELS[0])
        objects = walked(printer)
        names = [objects[start % len(objects)].oid, objects[start // 2].oid]
        asked = request(PduKind.GET_BULK, *names, first=non_repeaters, second=repetitions)
        data = answer(printer, asked, 0.0)
        assert data is not None
        assert len(data) <= DATAGRAM_OCTETS_MAX
        found = told(printer, asked).varbinds
        following = {one.oid: two for one, two in pairwise(objects)}
        once = min(max(non_repeaters, 0), 2)
        asked_of = [*names[:once]]
        repeated = names[once:]
        for index, varbind in enumerate(found):
            if index < once:
                asked_name = asked_of[index]
            else:
                place = (index - once) % len(repeated)
                asked_name, repeated[place] = repeated[place], varbind.oid
            expected = following.get(asked_name)
            assert varbind.missing if expected is None else varbind.oid == expected.oid
        assert len(found) <= once + max(repetitions, 0) * len(repeated)

    @pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
    def test_a_remembered_answer_is_the_same(self, model) -> None:  # type: ignore[no-untyped-def]
        """Another machine's answer, from what was remembered for the first, is as if nobody had asked before."""
        names = [varbind.oid for varbind in walked(machine(1, model))][:60:2]
        asked = request(PduKind.GET, *names)
        answer(machine(1, model), asked, 5.0)
        remembered = answer(machine(2, model), asked, 5.0)
        for tree in model.trees.values():
            tree.templates.clear()
        assert remembered == answer(machine(2, model), asked, 5.0)

    @given(octets=st.binary(max_size=200))
    def test_what_is_no_message_is_not_answered(self, octets: bytes) -> None:
        """Any octets: silence, and no exception."""
        assert answer(machine(3, MODELS[0]), octets, 0.0) is None

    @given(cut=st.integers(0, 60), place=st.integers(0, 200), octet=st.integers(0, 255))
    def test_damaged_requests_do_no_harm(self, cut: int, place: int, octet: int) -> None:
        """A request with one octet changed and its end cut off is answered or not, and raises nothing."""
        damaged = bytearray(request(PduKind.GET_BULK, SERIAL, SYS_NAME, second=20))
        damaged[place % len(damaged)] = octet
        answer(machine(3, MODELS[0]), bytes(damaged[: len(damaged) - cut]), 0.0)


class TestSetting:
    def test_all_or_nothing(self, printer: Machine) -> None:
        """Where one of two may not be written, neither is."""
        name = VarBind((1, 3, 6, 1, 2, 1, 1, 5, 0), Tag.OCTET_STRING, b"new-name")
        description = VarBind((1, 3, 6, 1, 2, 1, 1, 1, 0), Tag.OCTET_STRING, b"Mine")
        pdu = told(printer, setting(name, description))
        assert (pdu.error_status, pdu.error_index) == (ErrorStatus.NOT_WRITABLE, 2)
        assert got(printer, SYS_NAME)[0].value == b"prn-00003"
        assert told(printer, setting(name)).varbinds == [name]
        assert got(printer, SYS_NAME)[0].value == b"new-name"

    def test_a_reset_starts_the_clock_again(self, printer: Machine) -> None:
        """prtGeneralReset switches the machine off and on: sysUpTime begins at nothing."""
        assert got(printer, SYS_UP_TIME, now=100.0)[0].value == int((100.0 - printer.switched_on_at) * 100)
        told(printer, setting(VarBind((1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 3, 1), Tag.INTEGER, 4)), now=100.0)
        assert got(printer, SYS_UP_TIME, now=101.0)[0].value == 100

    @pytest.mark.parametrize(
        ("tag", "value", "error"),
        [
            (Tag.INTEGER, 5, ErrorStatus.WRONG_TYPE),
            (Tag.OCTET_STRING, b"x" * 256, ErrorStatus.WRONG_LENGTH),
        ],
    )
    def test_what_does_not_fit_is_refused(self, printer: Machine, tag: int, value: object, error: ErrorStatus) -> None:
        """A number or too many octets for a text, in the words of SNMPv2 and of SNMPv1."""
        varbind = VarBind((1, 3, 6, 1, 2, 1, 1, 6, 0), tag, value)  # type: ignore[arg-type]  # one of several types
        assert told(printer, setting(varbind)).error_status == error
        assert told(printer, setting(varbind, version=Version.V1)).error_status == ErrorStatus.BAD_VALUE
