"""Card technologies that readers are sold for, each with the format to start from.

Readers are configurable, so a default is a beginning: contactless serial numbers are hexadecimal in capitals whatever a
reader's habit, proximity cards of a known length are taken apart, and everything else passes as it comes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from platen.protocols.cards.card_format import CardFormat, CardInput, CardOutput
from platen.protocols.cards.feedback import FeedbackStyle
from platen.protocols.cards.wiegand import WiegandName


class ReaderInterface(enum.Enum):
    """How a reader is connected."""

    USB = "usb"
    SERIAL = "serial"
    BUILT_IN = "built-in"
    """Part of a terminal beside the device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTechnology:
    """`detail` is what the technology is known by: the card types, symbologies or lengths it reads."""

    name: str
    detail: str
    interfaces: frozenset[ReaderInterface]
    default_format: CardFormat
    feedback_style: FeedbackStyle | None = None


_USB, _SERIAL, _BUILT_IN = ReaderInterface.USB, ReaderInterface.SERIAL, ReaderInterface.BUILT_IN
_ALL = frozenset(ReaderInterface)
_USB_AND_SERIAL = frozenset({_USB, _SERIAL})

_AS_SENT = CardFormat()
_SERIAL_NUMBER = CardFormat(input=CardInput.HEX, output=CardOutput.HEX_UPPER)


def _wiegand(name: WiegandName) -> CardFormat:
    output = CardOutput.DECIMAL if name is WiegandName.H10302 else CardOutput.FACILITY_AND_NUMBER
    return CardFormat(input=CardInput.HEX, wiegand=name, output=output)


def _technology(
    name: str,
    detail: str,
    default_format: CardFormat,
    interfaces: frozenset[ReaderInterface] = _ALL,
    feedback_style: FeedbackStyle | None = None,
) -> CardTechnology:
    return CardTechnology(
        name=name,
        detail=detail,
        interfaces=interfaces,
        default_format=default_format,
        feedback_style=feedback_style,
    )


_THREE = FeedbackStyle.THREE_STATE
_BARCODES = (
    "UPC-A, UPC-E, EAN-8, EAN-13, Code 39, Telepen, Interleaved 2 of 5, Industrial 2 of 5, Code 128, "
    "MSI/Plessey, Codabar"
)

TECHNOLOGIES: dict[str, CardTechnology] = {
    "awid": _technology("AWID", "AWID proximity", _AS_SENT),
    "barcode": _technology("Barcode", _BARCODES, _AS_SENT, _USB_AND_SERIAL),
    "casi-rusco": _technology("Casi-Rusco", "Casi-Rusco proximity", _AS_SENT),
    "cotag": _technology("Cotag", "Cotag", _AS_SENT, frozenset({_USB, _BUILT_IN})),
    "deister": _technology("Deister", "Deister", _AS_SENT, frozenset({_BUILT_IN})),
    "em": _technology(
        "EM", "EM41xx, UNIQUE, TITAN, Hitag 1, Hitag 2, Hitag S, Paxton", _SERIAL_NUMBER, feedback_style=_THREE
    ),
    "felica": _technology("FeliCa", "FeliCa IDm", _SERIAL_NUMBER),
    "hid-prox": _technology(
        "HID Prox", "35 bit, the most common", _wiegand(WiegandName.CORPORATE_1000_35), feedback_style=_THREE
    ),
    "hid-prox-26": _technology("HID Prox 26 bit", "26 bit, open", _wiegand(WiegandName.H10301), feedback_style=_THREE),
    "hid-prox-34": _technology("HID Prox 34 bit", "34 bit", _wiegand(WiegandName.H10306), feedback_style=_THREE),
    "hid-prox-37": _technology(
        "HID Prox 37 bit", "37 bit, custom, without facility code", _wiegand(WiegandName.H10302), feedback_style=_THREE
    ),
    "hid-prox-37-facility": _technology(
        "HID Prox 37 bit with facility code", "37 bit, custom", _wiegand(WiegandName.H10304), feedback_style=_THREE
    ),
    "iclass": _technology("iCLASS", "HID iCLASS", _SERIAL_NUMBER, feedback_style=_THREE),
    "indala-26": _technology("Indala 26 bit", "26 bit, the most common", _wiegand(WiegandName.H10301)),
    "indala-29": _technology("Indala 29 bit", "29 bit", _wiegand(WiegandName.INDALA_29)),
    "ioprox": _technology("ioProx", "ioProx", _AS_SENT),
    "keypad-serial": _technology("Keypad", "digits of an ID code, serial", _AS_SENT, frozenset({_SERIAL})),
    "keypad-usb": _technology("Keypad", "digits of an ID code, USB", _AS_SENT, frozenset({_USB})),
    "legic": _technology("LEGIC", "LEGIC", _SERIAL_NUMBER, feedback_style=_THREE),
    **{
        f"magnetic-{track}": _technology(
            f"Magnetic track {track}",
            f"ISO/IEC 7811, track {track}",
            CardFormat(input=CardInput(f"magnetic-{track}")),
            frozenset({_SERIAL, _BUILT_IN}),
            FeedbackStyle.EIGHT_STATE,
        )
        for track in (1, 2, 3)
    },
    **{
        f"magnetic-dd-{track}": _technology(
            f"Magnetic DD track {track}",
            f"ISO/IEC 7811, track {track}, keyboard emulation",
            CardFormat(input=CardInput(f"magnetic-{track}")),
            frozenset({_USB}),
        )
        for track in (1, 2, 3)
    },
    "mifare": _technology("MIFARE", "ISO/IEC 14443 A serial number", _SERIAL_NUMBER, feedback_style=_THREE),
    "nedap": _technology("Nedap", "Nedap", _AS_SENT),
    "nexwatch": _technology("NexWatch", "NexWatch", _AS_SENT),
}
