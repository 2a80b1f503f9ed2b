"""Machines that do not behave do it as they are told to."""

from __future__ import annotations

import pytest

from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.fleet import Fleet, Manners, silent
from platen.demo.fleet.population import machine
from platen.demo.fleet.printer_mib import model_of
from platen.protocols.snmp.errors import SnmpError
from platen.protocols.snmp.messages import ErrorStatus, Pdu, PduKind, decode_message
from tests.demo.fleet.asking import number, request
from tests.peers import snmp_fleet_manners as manners

HERE = "127.10.0.1"
SYS_DESCR, LIFE_COUNT = "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.43.10.2.1.4.1.1"
GET, NEXT = request(PduKind.GET, SYS_DESCR), request(PduKind.GET_NEXT, SYS_DESCR)
BULK = request(PduKind.GET_BULK, SYS_DESCR, second=10)
PRINTER = machine(1, model_of(CATALOGUE[0]))


def sent(behaves: Manners, asked: bytes) -> list[bytes]:
    """What comes back from a machine that behaves so."""
    fleet = Fleet()
    fleet.put(HERE, PRINTER, behaves)
    (address,) = fleet.machines
    return [outgoing.data for outgoing in fleet.answers(address, asked, 0.0)]


def pdu_of(data: bytes) -> Pdu:
    pdu = decode_message(data).pdu
    assert isinstance(pdu, Pdu)
    return pdu


def test_a_silent_one_says_nothing() -> None:
    """Not to a GET either."""
    assert sent(silent, GET) == []


@pytest.mark.parametrize("behaves", [manners.garbage, manners.truncated])
def test_what_cannot_be_read(behaves: Manners) -> None:
    """Octets come that are no message."""
    (data,) = sent(behaves, GET)
    with pytest.raises(SnmpError):
        decode_message(data)


@pytest.mark.parametrize("asked", [NEXT, BULK])
@pytest.mark.parametrize("behaves", [manners.loops, manners.runs_backwards])
def test_a_walk_that_never_ends(behaves: Manners, asked: bytes) -> None:
    """The name that comes is not after the one that was asked; GET works."""
    (data,) = sent(behaves, asked)
    assert pdu_of(data).varbinds[0].oid <= pdu_of(asked).varbinds[0].oid
    (data,) = sent(behaves, GET)
    assert b"Halden C458" in data


def test_getbulk_that_does_not_work() -> None:
    """genErr, or nothing at all, while GETNEXT works."""
    (data,) = sent(manners.bulk_fails, BULK)
    assert pdu_of(data).error_status == ErrorStatus.GEN_ERR
    assert sent(manners.deaf_to_bulk, BULK) == []
    for behaves in (manners.bulk_fails, manners.deaf_to_bulk):
        assert len(sent(behaves, NEXT)) == 1


def test_an_answer_to_something_else() -> None:
    """Its request-id is another one."""
    (data,) = sent(manners.another_request, GET)
    assert pdu_of(data).request_id != pdu_of(GET).request_id


def test_a_sleepy_one_wakes() -> None:
    """The first requests are lost, the third is answered."""
    sleepy = manners.Sleepy(2)
    assert [len(sent(sleepy, GET)) for _ in range(3)] == [0, 0, 1]


def test_a_trillion_pages() -> None:
    """More than a Counter32 can hold comes over the wire."""
    fleet = Fleet()
    fleet.put(HERE, manners.claims_a_trillion(PRINTER))
    (address,) = fleet.machines
    (outgoing,) = fleet.answers(address, request(PduKind.GET, LIFE_COUNT), 0.0)
    expected = manners.TRILLION + int(PRINTER.pages(0.0))
    assert expected.to_bytes(6, "big") in outgoing.data


def test_counts_that_are_forgotten() -> None:
    """They grow, and begin again at nothing."""
    printer = manners.forgets(PRINTER, 100.0)
    printer.pages_per_s = 1.0
    assert [number(printer, LIFE_COUNT, now=now) for now in (10.0, 99.0, 105.0)] == [10, 99, 5]


def test_a_serial_number_twice() -> None:
    """Two machines say that they are the same."""
    twin = manners.with_serial(machine(2, PRINTER.model), PRINTER.serial)
    assert twin.serial == PRINTER.serial
    assert twin.mac != PRINTER.mac


def test_another_engine_each_time() -> None:
    """The engine id of SNMPv3 changes with every request."""
    before = PRINTER.engine_id
    sent(manners.changes_engine_id, GET)
    assert PRINTER.engine_id != before
    assert len(PRINTER.engine_id) == len(before)
