"""The octets of IPP messages: RFC 8010."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from platen.protocols.ipp import (
    Attribute,
    Collection,
    DateTime,
    DecodeError,
    EncodedGroup,
    EncodeError,
    Group,
    GroupTag,
    IntRange,
    LimitExceeded,
    Limits,
    Message,
    MessageDecoder,
    NameWithLanguage,
    Operation,
    OutOfBand,
    Resolution,
    Status,
    TextWithLanguage,
    TruncatedMessage,
    ValueTag,
    decode,
    encode,
    encode_attribute,
)
from platen.protocols.ipp import attributes as a
from tests.protocols.ipp.strategies import AWARE, MESSAGES, SCALARS

OPERATION = Group(
    GroupTag.OPERATION_ATTRIBUTES,
    [
        a.charset("attributes-charset", "utf-8"),
        a.language("attributes-natural-language", "en"),
        a.uri("printer-uri", "ipp://127.0.0.1:8631/ipp/print"),
        a.name_("job-name", "Jahresbericht für Ärzte.pdf"),
    ],
)
MEDIA_COL = Collection(
    [
        a.collection("media-size", [a.integer("x-dimension", 21000), a.integer("y-dimension", 29700)]),
        a.keyword("media-source", "main"),
        Attribute("media-color", (ValueTag.KEYWORD, ValueTag.NAME), ("blue", "Our Blue")),
    ]
)
PRINT_JOB = Message(
    (2, 0),
    Operation.PRINT_JOB,
    17,
    (OPERATION, Group(GroupTag.JOB_ATTRIBUTES, [a.integer("copies", 2), a.collection("media-col", MEDIA_COL)])),
)
DOCUMENT = b"%PDF-1.7\n"


def collections_of_depth(depth: int) -> Message:
    """A message whose job group has collections inside collections."""
    inner = Collection([a.integer("x", 1)])
    for _ in range(depth - 1):
        inner = Collection([a.collection("x", inner)])
    return Message((2, 0), 2, 1, (OPERATION, Group(GroupTag.JOB_ATTRIBUTES, [a.collection("x", inner)])))


def fed_in_pieces(data: bytes, cuts: list[int], **options: bool) -> tuple[object, ...]:
    """What the decoder makes of the stream cut at those places: message and remainder, or the error."""
    decoder = MessageDecoder(**options)
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    try:
        for start, stop in pairwise(edges):
            if decoder.feed(data[start:stop]) is not None:
                return decoder.message, decoder.remainder + data[stop:]
        return decoder.finish(), b""
    except DecodeError as error:
        return type(error), str(error), error.status, error.version, error.request_id, error.offset


class TestRoundTrip:
    """RFC 8010 section 3: encoding."""

    @pytest.mark.parametrize("tag", sorted(SCALARS), ids=lambda tag: f"{tag:#04x}")
    def test_every_value_tag_survives(self, tag: int) -> None:
        """A value of every syntax comes back as it went, alone and as a set."""

        @given(st.lists(SCALARS[tag], min_size=1, max_size=3))
        def survives(values: list[object]) -> None:
            attribute = Attribute("x", (tag,) * len(values), tuple(values))  # type: ignore[arg-type]  # any syntax
            message = Message((1, 1), 11, 1, (Group(GroupTag.OPERATION_ATTRIBUTES, [attribute]),))
            assert decode(encode(message)) == (message, b"")

        survives()

    @given(MESSAGES, st.binary(max_size=20))
    def test_any_message_survives_with_its_document(self, message: Message, document: bytes) -> None:
        """Any message with collections and mixed sets comes back, and the document's octets with it."""
        assert decode(encode(message) + document) == (message, document)

    def test_wire_layout_of_a_collection(self) -> None:
        """The octets of a collection are those of RFC 8010 section 3.1.6."""
        octets = encode_attribute(a.collection("media-col", [a.keyword("media-color", "blue")]))
        assert octets == (
            b"\x34\x00\x09media-col\x00\x00\x4a\x00\x00\x00\x0bmedia-color\x44\x00\x00\x00\x04blue\x37\x00\x00\x00\x00"
        )

    def test_encoded_group_is_sent_as_it_is(self) -> None:
        """A group encoded beforehand gives the same octets as its attributes."""
        ready = EncodedGroup(GroupTag.OPERATION_ATTRIBUTES, b"".join(map(encode_attribute, OPERATION)))
        assert encode(PRINT_JOB, [ready, PRINT_JOB.job]) == encode(PRINT_JOB)

    @pytest.mark.parametrize(
        "attribute",
        [
            Attribute("copies", (ValueTag.INTEGER,), ("two",)),
            Attribute("copies", (ValueTag.INTEGER,), (2**31,)),
            Attribute("sides", (ValueTag.KEYWORD,), (3,)),
            Attribute("resolution", (ValueTag.RESOLUTION,), (300,)),
            Attribute("sides", (ValueTag.KEYWORD,), ("x" * 40000,)),
            Attribute("sides", (ValueTag.KEYWORD,), ()),
        ],
    )
    def test_our_own_mistakes_are_told(self, attribute: Attribute) -> None:
        """A value that is not of its tag's syntax is refused before it is sent."""
        with pytest.raises(EncodeError):
            encode_attribute(attribute)


class TestStreaming:
    """Messages arrive in pieces of any size."""

    @given(MESSAGES, st.lists(st.integers(0, 5000), max_size=8))
    def test_any_split_of_a_message_gives_the_same_result(self, message: Message, cuts: list[int]) -> None:
        """Message and remainder do not depend on where the stream was cut."""
        data = encode(message) + DOCUMENT
        assert fed_in_pieces(data, cuts) == (message, DOCUMENT)

    def test_octet_by_octet(self) -> None:
        """The decoder says that the attributes ended with the very octet that ends them."""
        data = encode(PRINT_JOB)
        decoder = MessageDecoder()
        for octet in data[:-1]:
            assert decoder.feed(bytes([octet])) is None
        assert decoder.feed(data[-1:]) == PRINT_JOB
        assert decoder.remainder == b""

    @given(st.integers(0, 10_000), st.integers(0, 255), st.lists(st.integers(0, 5000), max_size=5), st.booleans())
    def test_any_octet_changed_is_a_message_or_a_decode_error_however_cut(
        self, position: int, octet: int, cuts: list[int], strict: bool
    ) -> None:
        """A changed octet gives a message or the codec's error, never another exception, and the same for every cut."""
        data = bytearray(encode(PRINT_JOB) + DOCUMENT)
        data[position % len(data)] = octet
        whole = fed_in_pieces(bytes(data), [], strict=strict)
        assert fed_in_pieces(bytes(data), cuts, strict=strict) == whole

    @given(st.binary(max_size=200), st.booleans())
    @example(b"\2\0\0\2\0\0\0\1\1\x36\0\1x\0\2de\0\xff", False)
    def test_any_octets_are_a_message_or_a_decode_error(self, tail: bytes, strict: bool) -> None:
        """Rubbish after a header costs a DecodeError and nothing else."""
        fed_in_pieces(b"\2\0\0\2\0\0\0\1" + tail, [], strict=strict)

    @given(st.integers(0, 10_000))
    def test_truncated_message_is_told_at_the_end(self, length: int) -> None:
        """A stream that ends early raises TruncatedMessage with what was read of the header."""
        data = encode(PRINT_JOB)
        cut = length % len(data)
        decoder = MessageDecoder()
        assert decoder.feed(data[:cut]) is None
        with pytest.raises(TruncatedMessage) as caught:
            decoder.finish()
        assert caught.value.status is Status.CLIENT_ERROR_BAD_REQUEST
        assert (caught.value.version, caught.value.request_id) == (((2, 0), 17) if cut >= 8 else (None, None))

    def test_nothing_is_fed_after_the_end(self) -> None:
        """Feeding document octets to the decoder is a mistake of the caller."""
        decoder = MessageDecoder()
        decoder.feed(encode(PRINT_JOB))
        with pytest.raises(RuntimeError, match="belong to the document"):
            decoder.feed(DOCUMENT)


HEADER = b"\2\0\0\2\0\0\0\x2a"


class TestStrict:
    """What a server refuses: client-error-bad-request, with version and request-id for the answer."""

    @pytest.mark.parametrize(
        "octets",
        [
            b"\x44\0\1x\0\1y\3",  # a value before any group
            b"\2\3",  # operation attributes are missing
            b"\0\3",  # reserved delimiter
            b"\1\x44\0\0\0\1y\3",  # additional value of nothing
            b"\1\x21\0\1x\0\3\0\0\0\3",  # integer of three octets
            b"\1\x22\0\1x\0\1\2\3",  # boolean of two
            b"\1\x44\0\1x\0\1y\x44\0\1x\0\1y\3",  # the same attribute twice
            b"\1\x13\0\1x\0\1y\3",  # no-value with a value
            b"\1\x41\0\1x\0\1\xff\3",  # not UTF-8
            b"\1\x41\0\1x\0\1\0\3",  # NUL
            b"\1\x41\0\1\xe9\0\1y\3",  # a name that is not ASCII
            b"\1\x41\0\1x\xff\xff",  # a negative length
            b"\1\x34\0\1x\0\0\3",  # collection not closed
            b"\1\x37\0\0\0\0\3",  # collection not opened
            b"\1\x4a\0\1x\0\1y\3",  # member of nothing
            b"\1\x34\0\1x\0\0\x21\0\0\0\4\0\0\0\1\x37\0\0\0\0\3",  # member value without member name
            b"\1\x34\0\1x\0\0\x4a\0\0\0\1y\x37\0\0\0\0\3",  # member name without value
            b"\1\x34\0\1x\0\0\x4a\0\0\0\0\x21\0\0\0\4\0\0\0\1\x37\0\0\0\0\3",  # empty member name
            b"\1\x35\0\1x\0\6\0\4de\0\0\3",  # inner lengths that overlap
        ],
    )
    def test_broken_rules_are_bad_requests(self, octets: bytes) -> None:
        """Each rule of RFC 8010 that a client breaks is answered with bad-request in its version and request-id."""
        with pytest.raises(DecodeError) as caught:
            decode(HEADER + octets)
        assert caught.value.status is Status.CLIENT_ERROR_BAD_REQUEST
        assert (caught.value.version, caught.value.request_id) == ((2, 0), 42)

    @pytest.mark.parametrize(
        ("tag", "length"),
        [(0x42, 256), (0x41, 1024), (0x44, 256), (0x45, 1024), (0x47, 64), (0x49, 256), (0x30, 1024)],
    )
    def test_long_values_are_told_as_such(self, tag: int, length: int) -> None:
        """A value longer than its syntax allows is refused when its length is read, without waiting for it."""
        with pytest.raises(DecodeError) as caught:
            MessageDecoder().feed(HEADER + b"\1" + bytes([tag]) + b"\0\1x" + length.to_bytes(2, "big"))
        assert caught.value.status is Status.CLIENT_ERROR_REQUEST_VALUE_TOO_LONG

    def test_an_error_stays(self) -> None:
        """After an error the decoder repeats it, whatever comes."""
        decoder = MessageDecoder()
        with pytest.raises(DecodeError):
            decoder.feed(HEADER + b"\0")
        with pytest.raises(DecodeError):
            decoder.feed(b"\3")
        with pytest.raises(DecodeError):
            decoder.finish()


class TestLimits:
    """Nobody makes us remember more than we allow."""

    def test_header_octets(self) -> None:
        """The attributes may fill the limit to the last octet and not one more; the document does not count."""
        data = encode(PRINT_JOB)
        assert decode(data + DOCUMENT * 100, limits=Limits(header_octets=len(data)))[0] == PRINT_JOB
        with pytest.raises(LimitExceeded) as caught:
            decode(data, limits=Limits(header_octets=len(data) - 1))
        assert caught.value.status is Status.CLIENT_ERROR_REQUEST_ENTITY_TOO_LARGE

    def test_attributes_and_groups(self) -> None:
        """Attributes count, and so do groups without any."""
        many = Group(GroupTag.OPERATION_ATTRIBUTES, [a.integer(f"x{n}", n) for n in range(50)])
        with pytest.raises(LimitExceeded):
            decode(encode(Message((2, 0), 2, 1, (many,))), limits=Limits(attributes=50))
        with pytest.raises(LimitExceeded):
            decode(HEADER + b"\1" * 5000 + b"\3")

    def test_values(self) -> None:
        """Values of one attribute count one by one."""
        group = Group(GroupTag.OPERATION_ATTRIBUTES, [a.integer("x", *range(20))])
        data = encode(Message((2, 0), 2, 1, (group,)))
        assert decode(data, limits=Limits(values=20))[0].operation.integers("x") == tuple(range(20))
        with pytest.raises(LimitExceeded):
            decode(data, limits=Limits(values=19))

    def test_collection_depth(self) -> None:
        """Collections nest to the limit and not deeper, so that no peer makes us recurse."""
        assert decode(encode(collections_of_depth(8)))[0] == collections_of_depth(8)
        with pytest.raises(LimitExceeded):
            decode(encode(collections_of_depth(9)))


class TestTolerant:
    """What printers in the field send is read as it was meant."""

    def read(self, octets: bytes) -> Group:
        return decode(HEADER + octets, strict=False)[0].operation

    def test_collection_members_that_are_named_like_attributes(self) -> None:
        """A member with its name in the name field is a member all the same."""
        group = self.read(b"\1\x34\0\1x\0\0\x21\0\1y\0\4\0\0\0\7\x37\0\0\0\0\3")
        media = group.collection("x")
        assert media is not None
        assert media.integer("y") == 7

    def test_name_with_language_without_outer_length(self) -> None:
        """A value that begins with its language's length in place of its own is still a name."""
        group = self.read(b"\1\x36\0\x08job-name\0\2de\0\4plan\x21\0\6job-id\0\4\0\0\0\5\3")
        assert group["job-name"].value == NameWithLanguage("plan", "de")
        assert group.integer("job-id") == 5

    def test_unreadable_values_do_not_cost_the_others(self) -> None:
        """Wrong lengths, broken UTF-8 and repeated attributes leave the rest of the message readable."""
        group = self.read(
            b"\1\x21\0\1x\0\3\0\0\0\x41\0\1t\0\2\xffa\x22\0\1b\0\1\7\x44\0\1k\0\1y\x44\0\1k\0\1z\x13\0\1n\0\1?\3"
        )
        assert group["x"].value == b"\0\0\0"
        assert group.text("t") == "\ufffda"
        assert group.boolean("b") is True
        assert group.texts("k") == ("y",)
        assert group["n"].value is OutOfBand.NO_VALUE


class TestLookups:
    """Typed access that never raises."""

    GROUP = Group(
        GroupTag.JOB_ATTRIBUTES,
        [
            a.integer("copies", 3),
            a.boolean("fidelity", True),
            a.typed("title", TextWithLanguage("Plan", "de")),
            a.typed("page-ranges", IntRange(1, 3), IntRange(7, 7)),
            Attribute("number-up", (ValueTag.INTEGER, ValueTag.RANGE_OF_INTEGER), (1, IntRange(2, 4))),
            a.resolution("res", Resolution(300, 600)),
            a.out_of_band("media", OutOfBand.NO_VALUE),
            a.date_time("at", datetime(2024, 5, 1, 12, tzinfo=UTC)),
            a.octets("password", b"1234"),
            a.collection("col", MEDIA_COL),
        ],
    )

    def test_each_lookup_gives_its_syntax(self) -> None:
        """A lookup returns the value in Python's type."""
        group = self.GROUP
        assert group.integer("copies") == 3
        assert group.boolean("fidelity") is True
        assert group.text("title") == "Plan"
        assert group.ranges("page-ranges") == (IntRange(1, 3), IntRange(7, 7))
        assert group.ranges("number-up") == (IntRange(1, 1), IntRange(2, 4))
        assert group.resolution("res") == Resolution(300, 600)
        assert group.date_time("at") == datetime(2024, 5, 1, 12, tzinfo=UTC)
        assert group.octets("password") == b"1234"
        assert group.collections("col") == (MEDIA_COL,)
        assert MEDIA_COL.texts("media-color") == ("blue", "Our Blue")

    @pytest.mark.parametrize("name", ["absent", "media", "fidelity"])
    def test_another_syntax_or_none_gives_the_default(self, name: str) -> None:
        """Absent, out-of-band and of another syntax are the same to who asks: the default."""
        assert self.GROUP.integer(name, 9) == 9
        assert self.GROUP.text(name) is None
        assert self.GROUP.integers(name) == self.GROUP.ranges(name) == self.GROUP.texts(name) == ()
        assert self.GROUP.collection(name) is None


class TestDateTime:
    """RFC 2579 DateAndTime."""

    @given(AWARE)
    def test_aware_moments_survive_with_their_zone(self, moment: datetime) -> None:
        """A moment comes back to the tenth of a second in the same zone."""
        back = DateTime.of(moment).to_datetime()
        assert back == moment
        assert back.utcoffset() == moment.utcoffset()

    def test_octets_west_of_greenwich(self) -> None:
        """The example of RFC 2579: 1992-5-26,13:30:15.0,-4:0."""
        moment = datetime(1992, 5, 26, 13, 30, 15, tzinfo=timezone(-timedelta(hours=4)))
        assert DateTime.of(moment).octets == bytes.fromhex("07c8 05 1a 0d 1e 0f 00 2d 04 00")

    def test_no_moment(self) -> None:
        """A machine without a clock sends zeros, which are kept and are no moment; a naive time is refused."""
        assert DateTime(bytes(11)).to_datetime() is None
        with pytest.raises(ValueError, match="time zone"):
            DateTime.of(datetime(2024, 1, 1))  # noqa: DTZ001  # the mistake under test
