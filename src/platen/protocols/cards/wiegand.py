"""Wiegand card formats: a fixed number of bits with facility code, card number and parity.

The same card read in another length gives another number, so each length is a format of its own and parity is checked.
Bit 0 is the first one sent.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from platen.protocols.cards.errors import CardNumberError


class WiegandName(enum.StrEnum):
    """Formats by the names that card makers give them."""

    H10301 = "h10301"
    INDALA_29 = "indala-29"
    H10306 = "h10306"
    CORPORATE_1000_35 = "corporate-1000-35"
    H10302 = "h10302"
    H10304 = "h10304"


@dataclass(frozen=True, slots=True)
class ParityBit:
    """Bit `at` makes the number of ones among itself and `over` odd or even."""

    at: int
    over: frozenset[int]
    is_odd: bool


@dataclass(frozen=True, slots=True)
class BitField:
    """`length_bits` bits from `start` on, most significant first."""

    start: int
    length_bits: int

    @property
    def decimal_digits(self) -> int:
        """How many digits the largest value has."""
        return len(str(2**self.length_bits - 1))


@dataclass(frozen=True, slots=True)
class WiegandCard:
    """What a card of the format holds; `facility` None where the format has none."""

    facility: int | None
    number: int


@dataclass(frozen=True, slots=True)
class WiegandFormat:
    """One layout. `parity` is checked in order."""

    length_bits: int
    facility: BitField | None
    number: BitField
    parity: tuple[ParityBit, ...]

    def decode(self, value: int) -> WiegandCard:
        """Take a card's bits, right-aligned in `value`, apart.

        Raises: CardNumberError for more bits than the format has, or parity that does not match.
        """
        if not 0 <= value < 2**self.length_bits:
            raise CardNumberError(
                f"The card has more than {self.length_bits} bits, so it is not of the format that this reader is set "
                "to. Set the reader's card format to the card's length."
            )
        for parity in self.parity:
            ones = self._bit(value, parity.at) + sum(self._bit(value, index) for index in parity.over)
            if ones % 2 != int(parity.is_odd):
                raise CardNumberError(
                    f"The parity of the card's {self.length_bits} bits does not match. Show the card again; if it "
                    "stays so, the card is of another format than this reader is set to."
                )
        facility = None if self.facility is None else self._field(value, self.facility)
        return WiegandCard(facility, self._field(value, self.number))

    def encode(self, card: WiegandCard) -> int:
        """The bits of `card`, right-aligned. Raises: CardNumberError where a number does not fit."""
        value = self._place(card.number, self.number)
        if self.facility is not None:
            value |= self._place(card.facility or 0, self.facility)
        # Later parity bits cover earlier ones only where they stand outside of them, so inner ones come first.
        for parity in reversed(self.parity):
            ones = sum(self._bit(value, index) for index in parity.over)
            if ones % 2 != int(parity.is_odd):
                value |= 1 << (self.length_bits - 1 - parity.at)
        return value

    def _bit(self, value: int, index: int) -> int:
        return value >> (self.length_bits - 1 - index) & 1

    def _field(self, value: int, field: BitField) -> int:
        return value >> (self.length_bits - field.start - field.length_bits) & ((1 << field.length_bits) - 1)

    def _place(self, number: int, field: BitField) -> int:
        if not 0 <= number < 2**field.length_bits:
            raise CardNumberError(
                f"A number does not fit into the {field.length_bits} bits that the format has for it."
            )
        return number << (self.length_bits - field.start - field.length_bits)


def _bits(*parts: Iterable[int]) -> frozenset[int]:
    return frozenset(index for part in parts for index in part)


def _halves(length_bits: int, covered: int) -> tuple[ParityBit, ParityBit]:
    """Even parity in front over the first `covered` bits after it, odd parity at the end over as many before it."""
    last = length_bits - 1
    return (
        ParityBit(0, _bits(range(1, 1 + covered)), is_odd=False),
        ParityBit(last, _bits(range(last - covered, last)), is_odd=True),
    )


WIEGAND_FORMATS: dict[WiegandName, WiegandFormat] = {
    WiegandName.H10301: WiegandFormat(26, BitField(1, 8), BitField(9, 16), _halves(26, 12)),
    WiegandName.INDALA_29: WiegandFormat(29, BitField(0, 13), BitField(13, 16), ()),
    WiegandName.H10306: WiegandFormat(34, BitField(1, 16), BitField(17, 16), _halves(34, 16)),
    WiegandName.CORPORATE_1000_35: WiegandFormat(
        35,
        BitField(2, 12),
        BitField(14, 20),
        (
            ParityBit(0, _bits(range(1, 35)), is_odd=True),
            ParityBit(34, _bits(range(1, 34, 3), range(2, 34, 3)), is_odd=True),
            ParityBit(1, _bits(range(2, 34, 3), range(3, 34, 3)), is_odd=False),
        ),
    ),
    WiegandName.H10302: WiegandFormat(37, None, BitField(1, 35), _halves(37, 18)),
    WiegandName.H10304: WiegandFormat(37, BitField(1, 16), BitField(17, 19), _halves(37, 18)),
}
