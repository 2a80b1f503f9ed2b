"""Media sizes: millimetres, PWG 5101.1 self-describing names, and the names people use.

Sizes are written portrait (short edge first); every search here takes either orientation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MM_PER_POINT = 25.4 / 72
MM_PER_INCH = 25.4

# Drivers round to whole points, or to the pixels of a low resolution; sizes of different names lie further apart.
TOLERANCE_MM = 2.0


@dataclass(frozen=True, slots=True)
class MediaSize:
    """One standard size."""

    name: str  # PWG 5101.1
    width_mm: float
    height_mm: float
    everyday: str  # what a person and a price list call it


SIZES: tuple[MediaSize, ...] = (
    MediaSize("iso_a4_210x297mm", 210, 297, "A4"),
    MediaSize("na_letter_8.5x11in", 215.9, 279.4, "Letter"),
    MediaSize("iso_a3_297x420mm", 297, 420, "A3"),
    MediaSize("na_legal_8.5x14in", 215.9, 355.6, "Legal"),
    MediaSize("na_ledger_11x17in", 279.4, 431.8, "Ledger"),
    MediaSize("na_executive_7.25x10.5in", 184.15, 266.7, "Executive"),
    MediaSize("iso_a5_148x210mm", 148, 210, "A5"),
    MediaSize("iso_a6_105x148mm", 105, 148, "A6"),
    MediaSize("iso_a2_420x594mm", 420, 594, "A2"),
    MediaSize("iso_a1_594x841mm", 594, 841, "A1"),
    MediaSize("iso_a0_841x1189mm", 841, 1189, "A0"),
    MediaSize("iso_b5_176x250mm", 176, 250, "B5 (ISO)"),
    MediaSize("iso_b4_250x353mm", 250, 353, "B4 (ISO)"),
    MediaSize("jis_b5_182x257mm", 182, 257, "B5"),
    MediaSize("jis_b4_257x364mm", 257, 364, "B4"),
    MediaSize("jis_b6_128x182mm", 128, 182, "B6"),
    MediaSize("jis_exec_216x330mm", 216, 330, "Executive (JIS)"),
    MediaSize("na_invoice_5.5x8.5in", 139.7, 215.9, "Statement"),
    MediaSize("na_foolscap_8.5x13in", 215.9, 330.2, "Folio"),
    MediaSize("na_super-b_13x19in", 330.2, 482.6, "Super B"),
    MediaSize("na_c_17x22in", 431.8, 558.8, "ANSI C"),
    MediaSize("na_d_22x34in", 558.8, 863.6, "ANSI D"),
    MediaSize("na_index-4x6_4x6in", 101.6, 152.4, "4 x 6 in"),
    MediaSize("na_5x7_5x7in", 127, 177.8, "5 x 7 in"),
    MediaSize("na_number-10_4.125x9.5in", 104.775, 241.3, "Envelope #10"),
    MediaSize("na_monarch_3.875x7.5in", 98.425, 190.5, "Envelope Monarch"),
    MediaSize("iso_dl_110x220mm", 110, 220, "Envelope DL"),
    MediaSize("iso_c5_162x229mm", 162, 229, "Envelope C5"),
    MediaSize("iso_c6_114x162mm", 114, 162, "Envelope C6"),
    MediaSize("jpn_hagaki_100x148mm", 100, 148, "Postcard"),
    MediaSize("jpn_oufuku_148x200mm", 148, 200, "Double postcard"),
    MediaSize("om_16k_195x270mm", 195, 270, "16K"),
    MediaSize("om_8k_270x390mm", 270, 390, "8K"),
    MediaSize("na_arch-c_18x24in", 457.2, 609.6, "Arch C"),
    MediaSize("na_arch-d_24x36in", 609.6, 914.4, "Arch D"),
    MediaSize("na_arch-e_36x48in", 914.4, 1219.2, "Arch E"),
)

_BY_NAME = {size.name: size for size in SIZES}

# Sizes that a price list has lines of its own for; every other one is priced as "Other".
PRICED = ("A3", "A4", "Executive", "Letter", "Legal", "Ledger")
OTHER = "Other"

# Words that drivers, PJL (PAPER), PPD (PageSize) and PCL XL use; compared without case, blanks, '-' and '_'.
_WORDS: dict[str, str] = {
    **{size.everyday.lower(): size.name for size in SIZES},
    "exec": "na_executive_7.25x10.5in",
    "tabloid": "na_ledger_11x17in",
    "11x17": "na_ledger_11x17in",
    "statement": "na_invoice_5.5x8.5in",
    "invoice": "na_invoice_5.5x8.5in",
    "folio": "na_foolscap_8.5x13in",
    "foolscap": "na_foolscap_8.5x13in",
    "jisb4": "jis_b4_257x364mm",
    "b4jis": "jis_b4_257x364mm",
    "jisb5": "jis_b5_182x257mm",
    "b5jis": "jis_b5_182x257mm",
    "jisb6": "jis_b6_128x182mm",
    "jisexec": "jis_exec_216x330mm",
    "isob5": "iso_b5_176x250mm",
    "b5iso": "iso_b5_176x250mm",
    "isob4": "iso_b4_250x353mm",
    "com10": "na_number-10_4.125x9.5in",
    "env10": "na_number-10_4.125x9.5in",
    "monarch": "na_monarch_3.875x7.5in",
    "dl": "iso_dl_110x220mm",
    "envdl": "iso_dl_110x220mm",
    "c5": "iso_c5_162x229mm",
    "envc5": "iso_c5_162x229mm",
    "c6": "iso_c6_114x162mm",
    "postcard": "jpn_hagaki_100x148mm",
    "jpost": "jpn_hagaki_100x148mm",
    "jpostcard": "jpn_hagaki_100x148mm",
    "jpostd": "jpn_oufuku_148x200mm",
    "16k": "om_16k_195x270mm",
    "8k": "om_8k_270x390mm",
}

_SELF_DESCRIBING = re.compile(
    r"(?:[a-z0-9.-]+_)+(\d{1,5}(?:\.\d{1,4})?)x(\d{1,5}(?:\.\d{1,4})?)(mm|in)(?:_[a-z0-9._-]*)?"
)


def media_for_size(width_mm: float, height_mm: float, *, tolerance_mm: float = TOLERANCE_MM) -> str:
    """The PWG 5101.1 name for a size: the nearest standard size within the tolerance, else a custom name."""
    short, long = sorted((width_mm, height_mm))
    nearest = min(SIZES, key=lambda size: max(abs(size.width_mm - short), abs(size.height_mm - long)))
    if max(abs(nearest.width_mm - short), abs(nearest.height_mm - long)) <= tolerance_mm:
        return nearest.name
    size = f"{_number(short)}x{_number(long)}mm"
    return f"custom_{size}_{size}"


def size_of_media(name: str) -> tuple[float, float] | None:
    """Width and height in mm of a PWG 5101.1 self-describing name (its last part), or None if it is not one."""
    if known := _BY_NAME.get(name):
        return known.width_mm, known.height_mm
    match = _SELF_DESCRIBING.fullmatch(name)
    if match is None:
        return None
    scale = MM_PER_INCH if match[3] == "in" else 1.0
    width_mm, height_mm = float(match[1]) * scale, float(match[2]) * scale
    return (width_mm, height_mm) if width_mm and height_mm else None


def media_for_word(word: str) -> str | None:
    """The PWG name for a driver's word (`LETTER`, `A4`, `JIS B5`, `iso_a4_210x297mm`), or None."""
    if size_of_media(word) is not None:
        return word
    return _WORDS.get(word.strip().lower()) or _WORDS.get(re.sub(r"[\s_-]", "", word).lower())


def everyday_name(media: str | None) -> str:
    """`A4`, `Letter`, ... for a PWG name or a word; a size without a common name as `105 x 200 mm`; None is Other."""
    name = media_for_word(media) if media else None
    size = size_of_media(name) if name else None
    if name is None or size is None:
        return OTHER
    standard = _BY_NAME.get(media_for_size(*size))
    return standard.everyday if standard else f"{_number(size[0])} x {_number(size[1])} mm"


def priced_name(media: str | None) -> str:
    """The line of a price list that a media falls under: one of `PRICED`, or `OTHER`."""
    name = everyday_name(media)
    return name if name in PRICED else OTHER


def _number(value_mm: float) -> str:
    return f"{value_mm:.1f}".removesuffix(".0")
