"""Card readers: lines from the wire, card numbers from lines, signals back.

A reader's line goes through `CardLineDecoder`, then through its `CardFormat`; what comes out is the card number that
the directory knows, the same for every reader that is set up right. Keyboard readers at a panel send the same lines.
"""

from platen.protocols.cards.card_format import (
    CARD_NUMBER_CHARACTERS_MAX,
    CardFormat,
    CardInput,
    CardOutput,
    LetterCase,
    card_format_from_mapping,
    card_format_to_mapping,
)
from platen.protocols.cards.errors import CardError, CardFormatError, CardNumberError
from platen.protocols.cards.feedback import (
    FeedbackLines,
    FeedbackOutcome,
    FeedbackStyle,
    Light,
    ReaderSignal,
    feedback,
)
from platen.protocols.cards.line_decoder import CardLine, CardLineDecoder, CardLineEvent, CardLineRejected
from platen.protocols.cards.magnetic import MagneticTrack, import_value_of, registered_form
from platen.protocols.cards.technologies import TECHNOLOGIES, CardTechnology, ReaderInterface
from platen.protocols.cards.wiegand import WIEGAND_FORMATS, WiegandCard, WiegandFormat, WiegandName

__all__ = [
    "CARD_NUMBER_CHARACTERS_MAX",
    "TECHNOLOGIES",
    "WIEGAND_FORMATS",
    "CardError",
    "CardFormat",
    "CardFormatError",
    "CardInput",
    "CardLine",
    "CardLineDecoder",
    "CardLineEvent",
    "CardLineRejected",
    "CardNumberError",
    "CardOutput",
    "CardTechnology",
    "FeedbackLines",
    "FeedbackOutcome",
    "FeedbackStyle",
    "LetterCase",
    "Light",
    "MagneticTrack",
    "ReaderInterface",
    "ReaderSignal",
    "WiegandCard",
    "WiegandFormat",
    "WiegandName",
    "card_format_from_mapping",
    "card_format_to_mapping",
    "feedback",
    "import_value_of",
    "registered_form",
]
