"""ICMP echo packets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.discovery.icmp import Echo, checksum, echo_request, read_echo_reply


@given(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF))
def test_a_request_is_eight_octets_with_a_right_checksum(identifier: int, sequence: int) -> None:
    """The checksum of a packet with its checksum in it is zero (RFC 1071). DCA-NET-01"""
    packet = echo_request(identifier, sequence)
    assert len(packet) == 8
    assert checksum(packet) == 0


def test_replies_with_and_without_the_header_of_ip() -> None:
    """A raw socket gives the IP header as well, an unprivileged one does not; options make it longer."""
    reply = b"\x00" + echo_request(7, 9)[1:]
    assert read_echo_reply(reply) == Echo(7, 9)
    assert read_echo_reply(bytes([0x45]) + bytes(19) + reply) == Echo(7, 9)
    assert read_echo_reply(bytes([0x46]) + bytes(23) + reply) == Echo(7, 9)


def test_version_six() -> None:
    """ICMPv6 has other numbers and no header in front."""
    assert read_echo_reply(b"\x81" + echo_request(7, 9, v6=True)[1:], v6=True) == Echo(7, 9)
    assert read_echo_reply(echo_request(7, 9, v6=True), v6=True) is None


@given(st.binary(max_size=80), st.booleans())
def test_nothing_is_raised(packet: bytes, v6: bool) -> None:
    """Whatever arrives is a reply or nothing."""
    assert isinstance(read_echo_reply(packet, v6=v6), Echo | None)
