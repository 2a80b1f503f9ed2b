"""Wiegand formats: facility code and number out of a card's bits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.cards import (
    WIEGAND_FORMATS,
    CardFormat,
    CardInput,
    CardNumberError,
    CardOutput,
    WiegandCard,
    WiegandName,
)


def test_a_26_bit_card_by_hand() -> None:
    """Facility 12 and number 345 in 26 bits, with the parity counted by hand, come out as 01200345. SC-IDD-09"""
    # even parity | 00001100 | 0000000101011001 | odd parity: two ones in the first twelve bits, five in the last twelve
    bits = "0" + "00001100" + "0000000101011001" + "0"
    value = int(bits, 2)
    assert WIEGAND_FORMATS[WiegandName.H10301].decode(value) == WiegandCard(12, 345)
    card_format = CardFormat(input=CardInput.HEX, wiegand=WiegandName.H10301, output=CardOutput.FACILITY_AND_NUMBER)
    assert card_format.convert(f"{value:08X}") == "01200345"
    assert CardFormat(input=CardInput.HEX, wiegand=WiegandName.H10301).convert(f"{value:08X}") == "345"


@pytest.mark.parametrize("name", WiegandName)
@given(data=st.data())
def test_every_format_gives_back_what_was_put_in(name: WiegandName, data: st.DataObject) -> None:
    """Encoding and decoding agree for every facility and number. SC-IDD-07, SC-IDD-09"""
    layout = WIEGAND_FORMATS[name]
    facility = None
    if layout.facility is not None:
        facility = data.draw(st.integers(0, 2**layout.facility.length_bits - 1))
    card = WiegandCard(facility, data.draw(st.integers(0, 2**layout.number.length_bits - 1)))
    assert layout.decode(layout.encode(card)) == card


@pytest.mark.parametrize("name", [name for name in WiegandName if WIEGAND_FORMATS[name].parity])
@given(data=st.data())
def test_one_wrong_bit_is_noticed(name: WiegandName, data: st.DataObject) -> None:
    """A single wrong bit fails the parity, whatever bit it is. SC-IDD-22"""
    layout = WIEGAND_FORMATS[name]
    card = WiegandCard(1 if layout.facility else None, data.draw(st.integers(0, 1000)))
    wrong = layout.encode(card) ^ 1 << data.draw(st.integers(0, layout.length_bits - 1))
    with pytest.raises(CardNumberError, match="parity"):
        layout.decode(wrong)


def test_lengths_are_kept_apart() -> None:
    """A 37 bit card is refused where 26 are expected, and has another number in the other 37 bit format. SC-IDD-22"""
    long_card = WIEGAND_FORMATS[WiegandName.H10302].encode(WiegandCard(None, 2**34 + 4711))
    with pytest.raises(CardNumberError, match="more than 26 bits"):
        WIEGAND_FORMATS[WiegandName.H10301].decode(long_card)
    assert WIEGAND_FORMATS[WiegandName.H10304].decode(long_card) == WiegandCard(2**15, 4711)
