"""Lines from readers, however they end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.cards import CardLine, CardLineDecoder, CardLineEvent, CardLineRejected


def lines(data: bytes, step: int = 10**6) -> list[CardLineEvent]:
    """Events of `data` in pieces of `step` octets, with what is left at the end."""
    decoder, events = CardLineDecoder(), []
    for at in range(0, len(data), step):
        events += decoder.receive_data(data[at : at + step])
    return events + decoder.finish()


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\x03", b"\0"])
def test_every_habit_of_ending_a_line(end: bytes) -> None:
    """CR, LF, CR LF, ETX and NUL end a line, with or without STX before it. SC-CARD-06"""
    assert lines(b"04A2B3C4" + end + b"\x02 123 " + end) == [CardLine("04A2B3C4"), CardLine("123")]


def test_a_reader_that_ends_lines_by_silence() -> None:
    """finish() gives what has come so far, once. SC-CARD-06"""
    decoder = CardLineDecoder()
    assert decoder.receive_data(b"12345") == []
    assert decoder.finish() == [CardLine("12345")]
    assert decoder.finish() == []


def test_an_endless_line_is_one_event_and_the_next_line_is_read() -> None:
    """More than 256 octets without an end are dropped up to the next end."""
    overlong, card = lines(b"9" * 5000 + b"\r\n123\r\n")
    assert isinstance(overlong, CardLineRejected)
    assert "256" in overlong.reason
    assert card == CardLine("123")
    assert lines(b"9" * 256 + b"\n") == [CardLine("9" * 256)]


@pytest.mark.parametrize("octet", [0x01, 0x07, 0x09, 0x1B, 0x7F, 0x80, 0xFF])
def test_control_characters_are_rejected(octet: int) -> None:
    """A line with control characters or octets beyond ASCII is no card."""
    (event,) = lines(b"12" + bytes([octet]) + b"34\n")
    assert isinstance(event, CardLineRejected)


def test_a_card_is_not_printed_by_accident() -> None:
    """The line's representation hides the card number, so that no log shows it."""
    assert "04A2B3C4" not in repr(CardLine("04A2B3C4"))


@given(
    st.binary(max_size=600) | st.lists(st.sampled_from([b"123", b"\r", b"\n", b"\x02", b"\x03", b"\0"])).map(b"".join),
    st.integers(1, 50),
)
def test_any_split_of_any_stream_gives_the_same_lines(data: bytes, step: int) -> None:
    """Nothing raises, and the lines do not depend on how the stream is cut."""
    assert lines(data, step) == lines(data)
