"""The paper sizes that have prices of their own, and which of them a media name means."""

from __future__ import annotations

from enum import StrEnum


class PaperSize(StrEnum):
    """A row of a charging scheme; the value is what people and files write."""

    A3 = "A3"
    A4 = "A4"
    EXECUTIVE = "Executive"
    LETTER = "Letter"
    LEGAL = "Legal"
    LEDGER = "Ledger"
    OTHER = "Other"


# PWG 5101.1 self-describing names begin with these; the numbers after them add nothing for a price.
_PWG_PREFIXES = {
    "iso_a3_": PaperSize.A3,
    "iso_a4_": PaperSize.A4,
    "na_executive_": PaperSize.EXECUTIVE,
    "na_letter_": PaperSize.LETTER,
    "na_legal_": PaperSize.LEGAL,
    "na_ledger_": PaperSize.LEDGER,
}
_NAMES = {size.value.casefold(): size for size in PaperSize} | {
    "tabloid": PaperSize.LEDGER,  # the same sheet of 11 x 17 inch, turned
    "11x17": PaperSize.LEDGER,
}


def paper_size(media: str | None) -> PaperSize:
    """The priced size of a media name: `A4`, `letter`, `iso_a4_210x297mm`, `na_letter_8.5x11in`.

    "Default", an empty name and every unknown one are `Other`: what is not known must still have a price.
    """
    name = (media or "").strip().casefold()
    if name in _NAMES:
        return _NAMES[name]
    return next((size for prefix, size in _PWG_PREFIXES.items() if name.startswith(prefix)), PaperSize.OTHER)
