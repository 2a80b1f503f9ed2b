"""WS-Discovery messages."""

from __future__ import annotations

import contextlib
import uuid
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.discovery.wsd import Match, WsdError, probe, read_matches

ASKED = uuid.UUID("11111111-2222-3333-4444-555555555555")
MACHINE = "99999999-8888-7777-6666-555544443333"


def matches(*bodies: str, relates_to: uuid.UUID = ASKED) -> bytes:
    """An answer as a machine sends it."""
    each = "".join(f"<wsd:ProbeMatch>{body}</wsd:ProbeMatch>" for body in bodies)
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"'
        ' xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
        ' xmlns:wsd="http://schemas.xmlsoap.org/ws/2005/04/discovery">'
        f"<soap:Header><wsa:RelatesTo>{relates_to.urn}</wsa:RelatesTo></soap:Header>"
        f"<soap:Body><wsd:ProbeMatches>{each}</wsd:ProbeMatches></soap:Body></soap:Envelope>"
    ).encode()


PRINTER = (
    f"<wsa:EndpointReference><wsa:Address>urn:uuid:{MACHINE}</wsa:Address></wsa:EndpointReference>"
    "<wsd:Types>wsdp:Device wprt:PrintDeviceType</wsd:Types>"
    "<wsd:XAddrs>http://127.0.0.9:80/wsd http://[fe80::9]/wsd http://127.0.0.9/again</wsd:XAddrs>"
)


def test_a_probe_asks_for_printers() -> None:
    """The probe is well-formed and names the printer type in its own namespace. EMC-PREP-06"""
    root = ET.fromstring(probe(ASKED))
    types = root.findtext(".//{http://schemas.xmlsoap.org/ws/2005/04/discovery}Types")
    assert types == "p:PrintDeviceType"
    assert root.findtext(".//{http://schemas.xmlsoap.org/ws/2004/08/addressing}MessageID") == ASKED.urn


def test_a_machine_that_answers() -> None:
    """Its UUID, whether it prints, and where it is, each host once."""
    (found,) = read_matches(matches(PRINTER), ASKED)
    assert (found.uuid, found.prints, found.hosts) == (MACHINE, True, ("127.0.0.9", "fe80::9"))


def test_several_in_one_answer() -> None:
    """A proxy answers for several; one without a usable address is kept with what it says."""
    found = read_matches(matches(PRINTER, "<wsd:Types>wsdp:Device</wsd:Types><wsd:XAddrs>http://[bad</wsd:XAddrs>"))
    assert found[1] == Match("", ("wsdp:Device",), ())
    assert not found[1].prints
    assert found[1].uuid == ""


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"hello",
        matches(),
        matches(PRINTER, relates_to=uuid.uuid4()),
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
        b"<x>" * 40_000,
        matches(PRINTER)[:-30],
        '<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="no-such"?><x/>',
    ],
)
def test_everything_else_is_refused(datagram: bytes) -> None:
    """Garbage, answers to others' questions and documents with entities are no matches."""
    with pytest.raises(WsdError):
        read_matches(datagram, ASKED)


@given(st.binary(max_size=300))
def test_nothing_else_is_raised(datagram: bytes) -> None:
    """Whatever arrives is matches or an error."""
    with contextlib.suppress(WsdError):
        read_matches(datagram)
