"""Object identifiers, values and variable bindings."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.snmp import SnmpError, Tag, VarBind, dotted, in_subtree, parse_oid
from platen.protocols.snmp.ber import encode_integer, integer_of
from platen.protocols.snmp.oids import KNOWN, decode_oid, encode_oid
from platen.protocols.snmp.values import decode_value, decode_varbinds, encode_value, encode_varbind, encode_varbinds
from tests.protocols.snmp.strategies import VALUES, oids, varbind_lists

NAME = parse_oid("1.3.6.1.2.1.43.10.2.1.4.1.1")


def binding(value: bytes, name: bytes = b"\x06\x02\x2b\x06") -> bytes:
    """A variable binding of 1.3.6 with an encoded value."""
    return bytes((0x30, len(name) + len(value))) + name + value


def decoded(octets: bytes) -> list[VarBind]:
    return decode_varbinds(octets, 0, len(octets))


class TestObjectIdentifiers:
    @given(oids)
    def test_round_trip(self, oid: tuple[int, ...]) -> None:
        """An object identifier comes back from its octets and from its text."""
        assert decode_oid(encode_oid(oid)) == oid
        assert parse_oid(dotted(oid)) == oid

    def test_known_octets(self) -> None:
        """The example of X.690 section 8.19.5 and an arc of five octets."""
        assert encode_oid((2, 999, 3)) == bytes.fromhex("883703")
        assert encode_oid((1, 3, 4294967295)) == bytes.fromhex("2b8fffffff7f")

    @pytest.mark.parametrize(
        "text", ["", "1", "1.3.x", "1..3", "1.3.-1", "3.1", "1.40", "1.3.4294967296", "1.3." * 200]
    )
    def test_what_is_no_object_identifier_is_refused(self, text: str) -> None:
        """A text that names no object raises with a sentence."""
        with pytest.raises(SnmpError, match=r"object identifier"):
            parse_oid(text)

    @given(
        st.one_of(st.binary(max_size=30), st.binary(max_size=12).map(lambda octets: b"\x2b\x90\x80\x80\x80" + octets))
    )
    def test_whatever_is_read_can_be_asked_for(self, octets: bytes) -> None:
        """A name that a device gave is one that can be sent back, as a walk does."""
        try:
            oid = decode_oid(octets)
        except SnmpError:
            return
        assert decode_oid(encode_oid(oid)) == oid

    @pytest.mark.parametrize("octets", ["2b86", "2b9080808001", "2bffffffffff7f", "2b" + "01" * 128])
    def test_octets_out_of_bounds_are_refused(self, octets: str) -> None:
        """An arc without an end, of more than 32 bits, or too many of them."""
        with pytest.raises(SnmpError):
            decode_oid(bytes.fromhex(octets))

    def test_no_octets_are_the_null_identifier(self) -> None:
        """Agents send an empty identifier for "none"."""
        assert decode_oid(b"") == (0, 0)

    def test_what_is_remembered_has_a_bound(self) -> None:
        """Names without end, as a hostile agent sends them, do not fill the memory."""
        for number in range(20_000):
            decode_oid(encode_oid((1, 3, 6, number)))
        assert len(KNOWN) <= 16_384

    def test_subtree(self) -> None:
        """A name is in its own subtree and in those above, not beside."""
        assert in_subtree(NAME, NAME)
        assert in_subtree(NAME, parse_oid("1.3.6.1.2.1.43"))
        assert not in_subtree(NAME, parse_oid("1.3.6.1.2.1.4"))


class TestValues:
    @pytest.mark.parametrize("tag", list(VALUES))
    @given(data=st.data())
    def test_every_type_round_trips(self, tag: Tag, data: st.DataObject) -> None:
        """Every type of SMIv2 and every exception comes back as it was."""
        value = data.draw(VALUES[tag])
        assert decoded(encode_varbind(NAME, tag, value)) == [(NAME, tag, value)]

    @given(varbind_lists)
    def test_lists_round_trip(self, varbinds: list[VarBind]) -> None:
        """Many bindings come back in order."""
        octets = encode_varbinds(varbinds)
        header = 2 if octets[1] < 0x80 else 2 + (octets[1] & 0x7F)
        assert decode_varbinds(octets, header, len(octets)) == varbinds

    @given(st.integers(-(2**40), 2**64))
    def test_integers_are_encoded_in_the_shortest_form(self, number: int) -> None:
        """The first nine bits of an integer are not all the same (X.690 section 8.3.2)."""
        octets = encode_integer(number)[2:]
        assert integer_of(octets) == number
        assert len(octets) == 1 or octets[0] not in (0, 0xFF) or (octets[0] ^ octets[1]) & 0x80

    @pytest.mark.parametrize(
        ("tag", "value"),
        [
            (Tag.INTEGER, 2**31),
            (Tag.COUNTER32, -1),
            (Tag.COUNTER32, 2**32),
            (Tag.COUNTER64, 2**64),
            (Tag.OCTET_STRING, 7),
            (Tag.IP_ADDRESS, b"123"),
            (Tag.OBJECT_IDENTIFIER, b"1.3"),
            (Tag.NULL, 0),
            (0x99, b""),
        ],
    )
    def test_a_value_that_does_not_fit_its_type_is_refused(self, tag: int, value: int | bytes | None) -> None:
        """Nothing is cut off or wrapped on the way out."""
        with pytest.raises(SnmpError, match="is not a value"):
            encode_value(tag, value)

    def test_a_binding_can_be_read_by_a_person(self) -> None:
        """Name, type and value."""
        assert str(VarBind((1, 3, 6), Tag.COUNTER32, 7)) == "1.3.6 = counter32 7"
        assert str(VarBind((1, 3, 6), Tag.OBJECT_IDENTIFIER, (1, 3))) == "1.3.6 = object_identifier 1.3"
        assert str(VarBind((1, 3, 6), 0x99, b"x")) == "1.3.6 = tag 0x99 b'x'"


class TestErringDevices:
    """What devices get wrong, and what was meant."""

    @pytest.mark.parametrize(
        ("octets", "tag", "value"),
        [
            ("0204ffffffff", Tag.INTEGER, -1),
            ("02020005", Tag.INTEGER, 5),  # an octet more than needed
            ("02080000000000000005", Tag.INTEGER, 5),
            ("0200", Tag.INTEGER, 0),  # no octets at all
            ("4104ffffffff", Tag.COUNTER32, 4294967295),  # the leading zero forgotten
            ("4101fe", Tag.COUNTER32, 4294967294),  # "unknown", which is -2 in the Printer MIB
            ("410500ffffffff", Tag.COUNTER32, 4294967295),
            ("4105ffffffffff", Tag.COUNTER32, 4294967295),
            ("4608ffffffffffffffff", Tag.COUNTER64, 2**64 - 1),
            ("420100", Tag.GAUGE32, 0),
            ("420a00000000000000000007", Tag.GAUGE32, 7),  # zeros before it
            ("4108ffffffff80000000", Tag.COUNTER32, 2**31),  # the sign carried into more octets
            ("4305ff00000001", Tag.TIME_TICKS, 1),  # time begins anew at 2**32
            ("048103616263", Tag.OCTET_STRING, b"abc"),  # the long form of a short length
            ("0484000000 03616263", Tag.OCTET_STRING, b"abc"),
            ("4003010203", Tag.IP_ADDRESS, b"\1\2\3"),
            ("0501 00", Tag.NULL, None),
            ("058100", Tag.NULL, None),
            ("8000", Tag.NO_SUCH_OBJECT, None),
            ("9f01 07", 0x9F, b"\7"),  # a tag that nobody knows
        ],
    )
    def test_is_read_as_it_was_meant(self, octets: str, tag: int, value: int | bytes | None) -> None:
        """Lengths and integers that are not in the shortest form, and unsigned numbers sent as negative ones."""
        assert decoded(binding(bytes.fromhex(octets))) == [((1, 3, 6), tag, value)]

    @pytest.mark.parametrize("tag", [Tag.COUNTER32, Tag.GAUGE32, Tag.UINTEGER32, Tag.COUNTER64])
    @pytest.mark.parametrize("value", [10**12 * 2**32, 2**64 + 5, -(2**63) - 1])
    def test_a_number_wider_than_its_type_stays_as_it_was_said(self, tag: int, value: int) -> None:
        """Nothing is cut off on the way in: what is left would be a number that nobody said."""
        octets = encode_integer(value)[2:]
        assert decoded(binding(bytes((tag, len(octets))) + octets)) == [((1, 3, 6), tag, value)]

    @given(st.sampled_from([0x02, 0x41, 0x42, 0x43, 0x46]), st.binary(max_size=16))
    def test_the_quick_way_and_the_careful_way_agree(self, tag: int, content: bytes) -> None:
        """Numbers of any width read in the loop are those that the general way reads."""
        quick = decoded(binding(bytes((tag, len(content))) + content))
        careful = decoded(binding(bytes((tag, 0x81, len(content))) + content))
        assert quick == careful == [((1, 3, 6), tag, decode_value(tag, content))]

    @pytest.mark.parametrize(
        "octets",
        [
            "30",
            "3005",
            "30050602 2b06",
            "3008 06022b06 020501",  # the value leads beyond its binding
            "3008 06092b06 020101",  # the name leads beyond its binding
            "3007 06022b06 020501" + "3007 06022b06 020101",  # the same where another binding follows
            "3007 06082b06 020101" + "3007 06022b06 020101",
            "3007 06022b06 8280",
            "3106 06022b06 0500",
            "3006 04022b06 0500",
            "3006 06022b06 0580",  # an indefinite length
            "3017 06022b06 0211" + "00" * 17,  # an integer wider than any
            "30 83ffffff 06022b06 0500",
            "30 8900000000000000000600",
        ],
    )
    def test_bounds_are_strict(self, octets: str) -> None:
        """No length leads outside its parent; the error is a sentence."""
        with pytest.raises(SnmpError, match=r"^[A-Z].*\.$"):
            decoded(bytes.fromhex(octets))

    @given(st.binary(max_size=400))
    def test_random_octets_raise_nothing_else(self, octets: bytes) -> None:
        """Whatever comes is read or refused with SnmpError."""
        with contextlib.suppress(SnmpError):
            decoded(octets)

    @given(varbind_lists, st.data())
    def test_damaged_lists_raise_nothing_else(self, varbinds: list[VarBind], data: st.DataObject) -> None:
        """One wrong octet, anywhere in a good list, is read or refused with SnmpError."""
        octets = bytearray(b"".join(encode_varbind(*one) for one in varbinds) or b"\x30\x00")
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
        with contextlib.suppress(SnmpError):
            decoded(bytes(octets))
