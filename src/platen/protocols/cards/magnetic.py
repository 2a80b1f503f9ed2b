"""Magnetic stripe numbers: how an import value or a swipe becomes the form that devices register.

Tracks 2 and 3 carry 5-bit characters (ISO/IEC 7811-2): ten digits and six control characters, the codes 10 to 15,
which print as : ; < = > ?. Devices register the codes as hexadecimal digits: B (start sentinel), the data, F (end
sentinel) and the longitudinal redundancy check, which is the exclusive or of all the codes before it.
"""

from __future__ import annotations

import enum

from platen.protocols.cards.errors import CardNumberError


class MagneticTrack(enum.IntEnum):
    """Which stripe is read; numbers normally stand on track 2."""

    TRACK_1 = 1
    TRACK_2 = 2
    TRACK_3 = 3


_START, _END = 0xB, 0xF
# The codes that data may hold; ":" is free for the hardware's use, ";" and "?" are the sentinels.
_CODES = {character: code for code, character in enumerate("0123456789:;<=>?") if character not in ":;?"}
_SEPARATORS = "CDE"
_SUBSTITUTES = dict(zip(_SEPARATORS, "<=>", strict=True))


def registered_form(value: str, track: MagneticTrack = MagneticTrack.TRACK_2) -> str:
    """The card number as devices register it, from an import value or a swipe with its sentinels.

    603217000000295489=0103000 on track 2 gives B603217000000295489D0103000F1. Track 1 carries letters and keeps its
    text without sentinels. A swipe's own check character after "?" is dropped and made anew.
    Raises: CardNumberError for characters that the track cannot carry.
    """
    if track is MagneticTrack.TRACK_1:
        return value.strip().removeprefix("%").partition("?")[0]
    data = value.strip()
    # Track 3 readers print the start sentinel as ";", "+" or "_", so that a host can tell the tracks apart.
    for sentinel in ";+_" if track is MagneticTrack.TRACK_3 else ";":
        data = data.removeprefix(sentinel)
    data = data.partition("?")[0]
    try:
        codes = [_CODES[character] for character in data]
    except KeyError:
        raise CardNumberError(
            "A magnetic number on track 2 or 3 has digits and the characters < = > alone. "
            "Check the track that is selected, and write < for C, = for D, > for E."
        ) from None
    if not codes:
        raise CardNumberError("A magnetic number needs at least one digit between its sentinels. Swipe the card again.")
    framed = [_START, *codes, _END]
    check = 0
    for code in framed:
        check ^= code
    return "".join(f"{code:X}" for code in (*framed, check))


def import_value_of(printed: str, registered: str) -> str:
    """The import value for a card that shows `printed` and that a device registered as `registered`.

    Raises: CardNumberError where the two do not belong together.
    """
    inner = registered[1:-2]
    digits = "".join(character for character in inner if character not in _SEPARATORS)
    if not inner or registered[0] != "B" or registered[-2] != "F" or digits != printed.strip():
        raise CardNumberError(
            "The printed number and the registered code do not belong to the same card: without its first and last two "
            "characters and the letters C, D and E the code must equal the number. Check both and the track."
        )
    return "".join(_SUBSTITUTES.get(character, character) for character in inner)
