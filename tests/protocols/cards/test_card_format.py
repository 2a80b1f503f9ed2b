"""From a reader's line to the card number."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.cards import (
    CardError,
    CardFormat,
    CardFormatError,
    CardInput,
    CardNumberError,
    CardOutput,
    LetterCase,
    WiegandName,
    card_format_from_mapping,
)

HEX, DECIMAL = CardInput.HEX, CardInput.DECIMAL


@pytest.mark.parametrize(
    ("card_format", "raw", "number"),
    [
        (CardFormat(), " aB12 ", "aB12"),
        (CardFormat(strip_prefix="ID=", strip_suffix="#"), "ID=4711#", "4711"),
        (CardFormat(skip=2, take=4), "99471100", "4711"),
        (CardFormat(strip_leading_zeros=True), "0004711", "4711"),
        (CardFormat(strip_leading_zeros=True), "0000", "0"),
        (CardFormat(letter_case=LetterCase.UPPER), "ab12", "AB12"),
        (CardFormat(digits=8), "4711", "00004711"),
        (CardFormat(input=HEX), "04:a2:b3:c4", "04A2B3C4"),
        (CardFormat(input=HEX, output=CardOutput.HEX_LOWER), "04A2B3C4", "04a2b3c4"),
        (CardFormat(input=HEX, output=CardOutput.DECIMAL), "04A2B3C4", "77771716"),
        (CardFormat(input=HEX, output=CardOutput.DECIMAL, digits=10), "04A2B3C4", "0077771716"),
        (CardFormat(input=HEX, reverse_octets=True), "04A2B3C4", "C4B3A204"),
        (CardFormat(input=HEX, reverse_bits_in_octets=True), "01A0", "8005"),
        (CardFormat(input=HEX, swap_nibbles=True), "04A2", "402A"),
        (CardFormat(input=DECIMAL, output=CardOutput.HEX_UPPER, width_bits=32), "77771716", "04A2B3C4"),
        (
            CardFormat(input=DECIMAL, output=CardOutput.HEX_UPPER, width_bits=32, reverse_octets=True),
            "77771716",
            "C4B3A204",
        ),
    ],
)
def test_conversions(card_format: CardFormat, raw: str, number: str) -> None:
    """Each setting of a card format does what its name says. SC-IDD-02, SC-AUTH-18"""
    assert card_format.convert(raw) == number


def test_the_same_card_from_two_readers_is_one_number() -> None:
    """A reader that sends decimal and one that sends reversed hexadecimal give the same card. SC-AUTH-18"""
    decimal = CardFormat(input=DECIMAL, output=CardOutput.HEX_UPPER, width_bits=32)
    reversed_hex = CardFormat(input=HEX, reverse_octets=True)
    assert decimal.convert("77771716") == reversed_hex.convert("c4b3a204")


def test_case_is_kept_and_39_characters_fit() -> None:
    """Card numbers are case sensitive and have at most 39 characters. SC-AUTH-02"""
    assert CardFormat().convert("aB") != CardFormat().convert("AB")
    assert CardFormat().convert("9" * 39) == "9" * 39
    with pytest.raises(CardNumberError, match="40 characters"):
        CardFormat().convert("9" * 40)
    with pytest.raises(CardNumberError):
        CardFormat().convert("  ")


@pytest.mark.parametrize(
    ("card_format", "raw"),
    [
        (CardFormat(input=HEX), "04G2"),
        (CardFormat(input=DECIMAL), "04A2"),
        (CardFormat(input=DECIMAL), "٤٢"),
        (CardFormat(input=DECIMAL), ""),
        (CardFormat(input=DECIMAL, width_bits=8), "256"),
        (CardFormat(take=5), "1234"),
        (CardFormat(digits=3), "1234"),
        (CardFormat(input=HEX), "F" * 65),
        (CardFormat(input=HEX, wiegand=WiegandName.H10301), "FFFFFFFF"),
    ],
)
def test_a_line_that_does_not_fit_is_explained_without_the_card(card_format: CardFormat, raw: str) -> None:
    """What the format cannot read raises a sentence that says what to do and hides the card."""
    with pytest.raises(CardNumberError) as caught:
        card_format.convert(raw)
    assert "." in str(caught.value)
    assert not raw or raw not in str(caught.value)


@pytest.mark.parametrize(
    "settings",
    [
        {"skip": -1},
        {"take": 0},
        {"reverse_octets": True},
        {"input": DECIMAL, "reverse_octets": True},
        {"input": DECIMAL, "width_bits": 12},
        {"wiegand": WiegandName.H10301},
        {"output": CardOutput.DECIMAL},
        {"input": HEX, "output": CardOutput.FACILITY_AND_NUMBER},
        {"input": HEX, "wiegand": WiegandName.H10302, "output": CardOutput.FACILITY_AND_NUMBER},
        {"digits": 40},
    ],
)
def test_settings_that_contradict_each_other_are_refused(settings: dict[str, object]) -> None:
    """A format that could never read a card cannot be made."""
    with pytest.raises(CardFormatError, match="cannot work"):
        CardFormat(**settings)  # type: ignore[arg-type]  # settings of mixed types


def test_a_format_survives_storing() -> None:
    """A format written as plain values and read again is the same."""
    card_format = CardFormat(input=HEX, wiegand=WiegandName.H10301, output=CardOutput.FACILITY_AND_NUMBER, skip=1)
    assert card_format_from_mapping(dataclasses.asdict(card_format)) == card_format
    assert card_format_from_mapping({"input": "hex", "output": "decimal"}) == CardFormat(
        input=HEX, output=CardOutput.DECIMAL
    )


@pytest.mark.parametrize(
    "values",
    [{"colour": 1}, {"input": "binary"}, {"skip": "2"}, {"skip": True}, {"reverse_octets": 1}, {"strip_prefix": None}],
)
def test_stored_settings_are_checked(values: dict[str, object]) -> None:
    """Unknown settings and values of the wrong kind are named."""
    with pytest.raises(CardFormatError):
        card_format_from_mapping(values)


_FORMATS = st.builds(
    dict,
    input=st.sampled_from(CardInput),
    output=st.sampled_from(CardOutput),
    wiegand=st.none() | st.sampled_from(WiegandName),
    width_bits=st.none() | st.integers(0, 300),
    digits=st.none() | st.integers(0, 50),
    take=st.none() | st.integers(0, 20),
    skip=st.integers(-1, 5),
    reverse_octets=st.booleans(),
    swap_nibbles=st.booleans(),
    strip_leading_zeros=st.booleans(),
)


@given(_FORMATS, st.text(max_size=80) | st.text("0123456789abcdefABCDEF;=?", max_size=80))
def test_any_line_through_any_format_gives_a_number_or_a_sentence(settings: dict[str, object], raw: str) -> None:
    """Nothing but the package's own errors comes out, and a number always fits."""
    sentence, number = "", ""
    try:
        number = card_format_from_mapping(settings).convert(raw)
    except CardError as error:
        sentence = str(error)
    assert sentence.endswith(".") or 1 <= len(number) <= 39
