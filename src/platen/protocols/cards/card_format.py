"""How a reader's line becomes a card number.

The steps, in order: strip prefix and suffix, cut (skip, take), read as text, hexadecimal, decimal or magnetic track,
turn octets and bits round, take a Wiegand card apart, write, pad. Each is off by default: then a line passes as it is.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from platen.protocols.cards.errors import CardFormatError, CardNumberError
from platen.protocols.cards.magnetic import MagneticTrack, registered_form
from platen.protocols.cards.wiegand import WIEGAND_FORMATS, WiegandName

CARD_NUMBER_CHARACTERS_MAX = 39
_WIDTH_BITS_MAX = 256


class CardInput(enum.StrEnum):
    """What the characters of a line are."""

    TEXT = "text"
    HEX = "hex"
    DECIMAL = "decimal"
    MAGNETIC_1 = "magnetic-1"
    MAGNETIC_2 = "magnetic-2"
    MAGNETIC_3 = "magnetic-3"


class CardOutput(enum.StrEnum):
    """How the number is written; AS_READ keeps the input's kind (hexadecimal in capitals)."""

    AS_READ = "as-read"
    HEX_UPPER = "hex-upper"
    HEX_LOWER = "hex-lower"
    DECIMAL = "decimal"
    FACILITY_AND_NUMBER = "facility-and-number"
    """Both of a Wiegand card in decimal, each with the zeros its field has room for, e.g. 01200345."""


class LetterCase(enum.StrEnum):
    """What becomes of letters in text."""

    AS_READ = "as-read"
    UPPER = "upper"
    LOWER = "lower"


_MAGNETIC = {
    CardInput.MAGNETIC_1: MagneticTrack.TRACK_1,
    CardInput.MAGNETIC_2: MagneticTrack.TRACK_2,
    CardInput.MAGNETIC_3: MagneticTrack.TRACK_3,
}
_NUMERIC = frozenset({CardInput.HEX, CardInput.DECIMAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFormat:
    """One reader's (or technology's) way of sending cards.

    Raises: CardFormatError where settings contradict each other.
    """

    strip_prefix: str = ""
    strip_suffix: str = ""
    skip: int = 0
    """Characters to leave out at the beginning, after the prefix."""
    take: int | None = None
    """Characters to keep after those; None keeps all. A shorter line is refused."""
    input: CardInput = CardInput.TEXT
    width_bits: int | None = None
    """How wide a decimal number is, where its octets or bits are turned round. Hexadecimal is as wide as it is long."""
    reverse_octets: bool = False
    """Some readers send a contactless card's octets last first."""
    reverse_bits_in_octets: bool = False
    """Readers of 125 kHz cards often send each octet's bits last first."""
    swap_nibbles: bool = False
    wiegand: WiegandName | None = None
    output: CardOutput = CardOutput.AS_READ
    digits: int | None = None
    """Zeros are put in front up to this many characters; a longer number is refused, never cut."""
    strip_leading_zeros: bool = False
    letter_case: LetterCase = LetterCase.AS_READ

    def __post_init__(self) -> None:
        """Refuse what could never work, before the first card does."""
        turns = self.reverse_octets or self.reverse_bits_in_octets or self.swap_nibbles
        numeric = self.input in _NUMERIC
        checks = (
            (self.skip < 0 or (self.take is not None and self.take < 1), "skip is 0 or more and take 1 or more"),
            (turns and not numeric, "octets and bits can be turned round in hexadecimal or decimal numbers alone"),
            (
                turns and self.input is CardInput.DECIMAL and self.width_bits is None,
                "turning a decimal number round needs its width in bits",
            ),
            (
                self.width_bits is not None
                and not (0 < self.width_bits <= _WIDTH_BITS_MAX and not self.width_bits % 8),
                f"the width is a multiple of 8 up to {_WIDTH_BITS_MAX} bits",
            ),
            (self.wiegand is not None and not numeric, "a Wiegand card is read from hexadecimal or decimal"),
            (self.output is not CardOutput.AS_READ and not numeric, "only hexadecimal or decimal can be converted"),
            (
                self.output is CardOutput.FACILITY_AND_NUMBER
                and (self.wiegand is None or WIEGAND_FORMATS[self.wiegand].facility is None),
                "facility and number come from a Wiegand format that has a facility code",
            ),
            (
                self.digits is not None and not 1 <= self.digits <= CARD_NUMBER_CHARACTERS_MAX,
                f"digits is 1 to {CARD_NUMBER_CHARACTERS_MAX}",
            ),
        )
        for is_wrong, rule in checks:
            if is_wrong:
                raise CardFormatError(f"This card format cannot work: {rule}. Change the reader's settings.")

    def convert(self, raw: str) -> str:
        """The card number for a reader's line: 1 to 39 characters, to be compared with regard to case.

        Raises: CardNumberError, a sentence for whoever sets up the reader; it never repeats the card's number.
        """
        text = self._cut(raw)
        if self.input in _MAGNETIC:
            number = registered_form(text, _MAGNETIC[self.input])
        elif self.input in _NUMERIC:
            number = self._convert_number(text)
        else:
            number = text
        number = _cased(number, self.letter_case)
        if self.strip_leading_zeros:
            number = number.lstrip("0") or "0"
        if self.digits is not None:
            number = self._padded(number, self.digits)
        if not number or len(number) > CARD_NUMBER_CHARACTERS_MAX:
            raise CardNumberError(
                f"The card gives {len(number)} characters and a card number has 1 to {CARD_NUMBER_CHARACTERS_MAX}. "
                "Check the reader's output and the lengths in its card format."
            )
        return number

    def _cut(self, raw: str) -> str:
        text = raw.strip().removeprefix(self.strip_prefix)
        if self.strip_suffix:
            text = text.removesuffix(self.strip_suffix)
        text = text[self.skip :]
        if self.take is None:
            return text
        if len(text) < self.take:
            raise CardNumberError(
                f"The card gives {len(text)} characters where this reader's format takes {self.take}. "
                "Show the card again; if it stays so, correct the lengths in the reader's card format."
            )
        return text[: self.take]

    def _convert_number(self, text: str) -> str:
        value, width_bits = self._read(text)
        value = self._turned(value, width_bits)
        if self.wiegand is not None:
            card = WIEGAND_FORMATS[self.wiegand].decode(value)
            if self.output is CardOutput.FACILITY_AND_NUMBER:
                return _facility_and_number(self.wiegand, card.facility or 0, card.number)
            value, width_bits = card.number, None
        return self._write(value, width_bits)

    def _read(self, text: str) -> tuple[int, int | None]:
        """The value and, where it is known, its width in bits."""
        is_hex = self.input is CardInput.HEX
        plain = text.replace(":", "").replace("-", "").replace(" ", "").lower() if is_hex else text
        alphabet = "0123456789abcdef" if is_hex else "0123456789"
        if not plain or len(plain) > _WIDTH_BITS_MAX // 4 or not set(plain) <= set(alphabet):
            raise CardNumberError(
                f"The card's line is not a {'hexadecimal' if is_hex else 'decimal'} number. Set the reader's card "
                "format to what the reader sends, or strip what stands around the number."
            )
        value = int(plain, 16 if is_hex else 10)
        width_bits = math.ceil(len(plain) / 2) * 8 if is_hex and self.width_bits is None else self.width_bits
        if width_bits is not None and value >= 2**width_bits:
            raise CardNumberError(
                f"The card's number needs more than the {width_bits} bits that this reader's format has. "
                "Set the width to that of the card."
            )
        return value, width_bits

    def _turned(self, value: int, width_bits: int | None) -> int:
        if width_bits is None:
            return value
        octets = value.to_bytes(width_bits // 8, "big")
        if self.reverse_octets:
            octets = octets[::-1]
        if self.reverse_bits_in_octets:
            octets = bytes(int(f"{octet:08b}"[::-1], 2) for octet in octets)
        if self.swap_nibbles:
            octets = bytes(octet >> 4 | (octet & 0xF) << 4 for octet in octets)
        return int.from_bytes(octets, "big")

    def _write(self, value: int, width_bits: int | None) -> str:
        output = self.output
        if output is CardOutput.AS_READ:
            as_decimal = self.input is CardInput.DECIMAL or self.wiegand is not None
            output = CardOutput.DECIMAL if as_decimal else CardOutput.HEX_UPPER
        if output is CardOutput.DECIMAL:
            return str(value)
        width = (width_bits or 0) // 4
        return f"{value:0{width}x}" if output is CardOutput.HEX_LOWER else f"{value:0{width}X}"

    @staticmethod
    def _padded(number: str, digits: int) -> str:
        if len(number) > digits:
            raise CardNumberError(
                f"The card gives {len(number)} characters where this reader's format writes {digits}. "
                "Set the digits to what the longest card needs."
            )
        return number.rjust(digits, "0")


def card_format_to_mapping(card_format: CardFormat) -> dict[str, object]:
    """What is to be stored of a format: the settings that are not the usual ones, enumerations by their value."""
    usual = CardFormat()
    values = {field.name: getattr(card_format, field.name) for field in fields(CardFormat)}
    changed = {name: value for name, value in values.items() if value != getattr(usual, name)}
    return {name: value.value if isinstance(value, enum.Enum) else value for name, value in changed.items()}


def card_format_from_mapping(values: Mapping[str, object]) -> CardFormat:
    """A format from stored or typed settings: field names of CardFormat, enumerations by their value.

    Raises: CardFormatError for an unknown name or a value of the wrong kind.
    """
    known = {field.name for field in fields(CardFormat)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise CardFormatError(
            f"{', '.join(unknown)}: no such card format setting. The settings are {', '.join(sorted(known))}."
        )
    try:
        return CardFormat(**{name: _typed(name, value) for name, value in values.items()})  # type: ignore[arg-type]  # _typed checks each
    except ValueError as error:
        if isinstance(error, CardFormatError):
            raise
        raise CardFormatError(f"{error}. Correct that card format setting.") from error


_ENUMS: dict[str, type[enum.StrEnum]] = {
    "input": CardInput,
    "output": CardOutput,
    "wiegand": WiegandName,
    "letter_case": LetterCase,
}
_NUMBERS = frozenset({"skip", "take", "width_bits", "digits"})
_OPTIONAL = frozenset({"take", "width_bits", "digits", "wiegand"})
_TEXTS = frozenset({"strip_prefix", "strip_suffix"})


def _typed(name: str, value: object) -> object:
    if value is None and name in _OPTIONAL:
        return None
    if name in _ENUMS:
        return _ENUMS[name](str(value))
    expected: type = int if name in _NUMBERS else str if name in _TEXTS else bool
    if type(value) is not expected:
        raise CardFormatError(f"{name} must be of type {expected.__name__}, not {type(value).__name__}.")
    return value


def _facility_and_number(name: WiegandName, facility: int, number: int) -> str:
    layout = WIEGAND_FORMATS[name]
    facility_digits = layout.facility.decimal_digits if layout.facility else 0
    return f"{facility:0{facility_digits}d}{number:0{layout.number.decimal_digits}d}"


def _cased(text: str, letter_case: LetterCase) -> str:
    if letter_case is LetterCase.UPPER:
        return text.upper()
    return text.lower() if letter_case is LetterCase.LOWER else text
